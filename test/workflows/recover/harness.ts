import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { harness, running as started } from '../harness.ts';

const codePath = fileURLToPath(new URL('../../../dist/workflows/bundle.cjs', import.meta.url));

export const tuning = { recallWait: 2000 };
export const handle = (id: string, runId?: string) => harness.custody.temporal.workflow.getHandle(id, runId);

export const running = (spec = {}, more = {}): Promise<string> => started(spec, { tuning: { ...tuning, ...more } });

/** How often a call reached the server. */
export const begun = (id: string, callId: string): number =>
  harness.journal().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey === `${id}/${callId}`)
    .length;

export const append = (id: string, callId: string, args = {}) =>
  harness.custody.session(id).call('journal.append', { text: callId, ...args }, { callId });

/** A worker that reads the history anew comes to the same decisions. */
export const replays = async (id: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: { codePath } }, await handle(id).fetchHistory(), id);
