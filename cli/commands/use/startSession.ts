import type { Custody } from '../../../client/custody.ts';
import { hasNoWorker } from '../../../client/temporal/withWorker.ts';
import { TASK_QUEUE } from '../../../protocol/queues.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { remark } from '../../io/output.ts';
import type { Globals } from '../../program.ts';

interface StartOptions {
  readonly id?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Starts a session, and remarks on it when no worker is there to run it: it waits for one, for as long as that takes.
 */
export async function startSession(
  custody: Custody,
  spec: SessionSpec,
  { id, reason }: StartOptions,
  { json }: Globals,
): Promise<string> {
  const started = await custody.start(spec, { id, reason });
  if (!json && (await hasNoWorker(custody.temporal, TASK_QUEUE)))
    remark(`No worker polls for sessions now; '${started}' begins as soon as one does: custody worker`);
  return started;
}
