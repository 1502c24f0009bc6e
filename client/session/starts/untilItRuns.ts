import { setTimeout as delay } from 'node:timers/promises';
import { type Client, QueryNotRegisteredError } from '@temporalio/client';
import { CustodyError, isErrorCode } from '../../../protocol/errors.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { describeQuery, RECOVERING } from '../../../workflows/messages.ts';
import { endingOf } from '../ending.ts';
import { persist } from '../../temporal/persist.ts';
import { queryOnce } from '../../temporal/query.ts';

const POLL = 50;

/**
 * A session once its run has read the state that it goes on from. Fails with the code for which it could not; one that
 * had ended has ended again.
 */
export async function untilItRuns(client: Client, id: string, runId: string): Promise<SessionView> {
  const handle = client.workflow.getHandle(id, runId);
  for (; ; await delay(POLL)) {
    const execution = await handle.describe();
    if (execution.status.name !== 'RUNNING') {
      const ending = await endingOf(client, execution);
      if ('view' in ending) return ending.view;
      const { code, reason } = ending.loss;
      throw new CustodyError(isErrorCode(code) ? code : 'INTERNAL_ERROR', reason);
    }
    const view = await persist(() => queryOnce(client, handle, describeQuery).catch(notYet), id);
    if (view) return view;
  }
}

function notYet(error: unknown): undefined {
  if (error instanceof QueryNotRegisteredError && error.message.includes(RECOVERING)) return undefined;
  throw error;
}
