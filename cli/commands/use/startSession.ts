import type { Custody, SessionHandle } from '../../../client/index.ts';
import { hasNoWorker } from '../../../client/temporal/withWorker.ts';
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
): Promise<SessionHandle> {
  const session = await custody.start(spec, { id, reason });
  if (!json && (await hasNoWorker(custody.temporal, custody.taskQueue)))
    remark(`No worker polls for sessions now; '${session.id}' begins as soon as one does: custody worker`);
  return session;
}
