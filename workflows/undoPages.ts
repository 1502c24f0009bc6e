import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/types.ts';
import type { InsideCommand } from '../session/commands.ts';
import { byteLength } from '../protocol/values/digest.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Ref } from '../protocol/values/payload.ts';
import type { Session } from '../session/session.ts';
import type { UndoPage } from '../protocol/undo.ts';
import { HEARTBEAT_TIMEOUT } from './attempt.ts';
import { refusalIn } from './opening.ts';

type Of<T extends InsideCommand['type']> = Extract<InsideCommand, { type: T }>;

/**
 * The recent entries of the undo log as a page, where they are too many to be carried into the next run (D5).
 * @param limit bytes
 */
export function pageToWrite({ undo }: Session, limit: number = LIMITS.carriedUndoBytes): UndoPage | undefined {
  return undo.recent.length > 0 && byteLength(JSON.stringify(undo.recent)) > limit
    ? { before: undo.pages, entries: undo.recent }
    : undefined;
}

/**
 * Keeps a page outside history. Tried until the payload store takes it: without it the session cannot go on for ever.
 */
export async function writePage(page: UndoPage): Promise<Of<'pageWritten'>> {
  const ref = await activities('page of the undo log').keepUndoPage(page);
  return { type: 'pageWritten', ref, upTo: page.entries.at(-1)?.n ?? 0 };
}

/** Never throws: a page that cannot be read is something that the rollback has to name. */
export async function readPage(ref: Ref): Promise<Of<'pageRead'> | Of<'pageLost'>> {
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
