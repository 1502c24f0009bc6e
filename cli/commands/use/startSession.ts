import { setTimeout as delay } from 'node:timers/promises';
import type { Custody, SessionHandle } from '../../../client/index.ts';
import { hasNoWorker } from '../../../client/temporal/withWorker.ts';
import { CustodyError, isErrorCode } from '../../../protocol/errors.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { remark } from '../../io/output.ts';
import type { Globals } from '../../program.ts';

interface StartOptions {
  readonly id?: string | undefined;
  readonly reason?: string | undefined;
}

/** How long a session is looked at as it begins, in milliseconds. */
const LOOK = 5000;
const POLL = 100;

/**
 * Starts a session, and looks at how it begins: remarks on one that waits for a worker or for its servers, for as long
 * as that takes.
 *
 * @throws CustodyError with the code of a session that failed at once
 */
export async function startSession(
  custody: Custody,
  spec: SessionSpec,
  { id, reason }: StartOptions,
  { json }: Globals,
): Promise<SessionHandle> {
  const session = await custody.start(spec, { id, reason });
  const say = (text: string): void => void (json || remark(text));
  if (await hasNoWorker(custody.temporal, custody.taskQueue)) {
    say(`No worker polls for sessions now; '${session.id}' begins as soon as one does: custody worker`);
    return session;
  }
  const until = Date.now() + LOOK;
  for (; Date.now() < until; await delay(POLL)) {
    const { state, ended } = await session.state();
    if (state === 'INIT' && !ended) continue;
    if (ended) await refuseFailed(session);
    return session;
  }
  const { state, reason: waits } = await session.describe();
  if (state === 'INIT') say(`The session '${session.id}' ${waits ?? 'opens its servers'}`);
  return session;
}

async function refuseFailed(session: SessionHandle): Promise<void> {
  const { id, outcome, code, reason, deadlineAt } = await session.describe();
  if (outcome === 'FAILED' && deadlineAt === null && isErrorCode(code))
    throw new CustodyError(code, `The session '${id}' failed as it began: ${reason ?? ''}`);
}
