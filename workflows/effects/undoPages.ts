import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { UndoPage } from '../../protocol/calls/undo.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import type { FactOf } from '../../session/facts.ts';
import { refusalIn } from './failures.ts';
import { HEARTBEAT_TIMEOUT } from './limits.ts';

/**
 * Keeps a page outside history. Tried until the payload store takes it: without it the session cannot go on for ever.
 */
export async function writePage(page: UndoPage): Promise<FactOf<'pageWritten'>> {
  const ref = await activities('page of the undo log').keepUndoPage(page);
  return { type: 'pageWritten', ref, upTo: page.entries.at(-1)?.n ?? 0 };
}

/** Never throws: a page that cannot be read is something that the rollback has to name. */
export async function readPage(ref: Ref): Promise<FactOf<'pageRead' | 'pageLost'>> {
  try {
    return { type: 'pageRead', page: await activities('page of the undo log', 5).readUndoPage({ ref }) };
  } catch (error) {
    return { type: 'pageLost', refusal: refusalIn(error) };
  }
}

const activities = (summary: string, maximumAttempts?: number) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '1m',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      initialInterval: '200ms',
      maximumInterval: '30s',
      ...(maximumAttempts === undefined ? {} : { maximumAttempts }),
    },
    summary,
  });
