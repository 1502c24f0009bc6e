import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { AttemptOutcome, Intent } from '../../protocol/calls/call.ts';
import { workerQueue } from '../../protocol/workers/queues.ts';
import { isGone, type Recalled } from '../../session/calls/attempts/silence.ts';
import { HEARTBEAT_TIMEOUT, MARGIN } from './limits.ts';
import { summaryOf } from './summary.ts';

type Asked = Omit<Intent, 'runId'>;

/**
 * The outcome of an attempt that was under way when its run was lost, from the workers of the session; unknown where
 * none of them has it. Never throws.
 */
export async function seekOutcome(
  intent: Asked,
  workers: readonly string[],
  recallWait: number,
): Promise<AttemptOutcome> {
  const answers = await Promise.all(workers.map((name) => recall(intent, name, recallWait)));
  const known = answers.find((answer) => answer?.outcome && !isGone(answer.outcome, answer.worker))?.outcome;
  const message = 'the session was ended in Temporal while the call was, or may have been, sent.';
  return known ?? { kind: 'unknown', code: 'SESSION_LOST', message };
}

/** Asks the worker of a name for the outcome of an attempt; null where nobody answers. */
export async function recall(intent: Asked, workerName: string, recallWait: number): Promise<Recalled | null> {
  const { recallOutcome } = proxyActivities<Activities>({
    taskQueue: workerQueue(workflowInfo().taskQueue, workerName),
    scheduleToStartTimeout: recallWait,
    startToCloseTimeout: intent.timeout + MARGIN,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // Asking has no effect, and a question can go to the dead process's last poll.
    retry: { maximumAttempts: 5, initialInterval: '200ms' },
    summary: `outcome of ${summaryOf(intent)}?`.slice(0, 200),
  });
  const { chain, sessionId, callId, attempt, digest } = intent;
  return recallOutcome({ chain, sessionId, callId, attempt, digest }).catch(() => null);
}
