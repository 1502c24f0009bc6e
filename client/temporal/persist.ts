import { status } from '@grpc/grpc-js';
import { QueryNotRegisteredError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { CustodyError, isErrorCode } from '../../protocol/errors.ts';
import { type Abort, abortable } from '../sdk/abortable.ts';
import { sleep } from './sleep.ts';
import { grpcOf, isUnread, toCustodyError, Unanswered } from './errors.ts';

/** Back-off, in milliseconds; the last one stays. */
const DELAYS = [20, 30, 50, 50, 50, 100, 200, 500] as const;
/** How long to go on against errors that pass by themselves, from the first of a row. */
const PATIENCE = 60_000;
/** Work that went on for so long before it failed was well until then: the waiting of a call can take days. */
const WELL = 30_000;

/**
 * Does a piece of work again while it meets errors that pass by themselves. Safe for calls and commands, as a session
 * takes each call id and command id once. Fails with a CustodyError, or with the reason of a signal that was aborted.
 *
 * @param awaitsWorker a worker was there and is waited for: it may just be replaced
 */
export async function persist<T>(
  work: () => Promise<T>,
  session: string,
  abort?: Abort,
  { awaitsWorker = false } = {},
): Promise<T> {
  let giveUpAt: number | undefined;
  for (let round = 0; ; round += 1) {
    const begun = Date.now();
    try {
      return await (abort ? abortable(abort, work) : work());
    } catch (error) {
      abort?.signal?.throwIfAborted();
      if (giveUpAt === undefined || Date.now() - begun > WELL) giveUpAt = Date.now() + PATIENCE;
      const passes = isPassing(error) || (awaitsWorker && isNoPoller(error));
      if (!passes || Date.now() > giveUpAt) throw refusalOf(error) ?? toCustodyError(error, session);
      await sleep(DELAYS[Math.min(round, DELAYS.length - 1)] ?? 0, abort?.signal);
    }
  }
}

/**
 * Types of update failures: the session continued as new before it answered; or the worker met a query that had waited
 * for it together with the update, and lost sight of the update, which was not accepted (docs/failure.md).
 */
const PASSING_FAILURES: ReadonlySet<string> = new Set(['AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate']);

/** Did the run end with the update accepted and not answered? Asked again under its id it says so for ever. */
export const endedWithRun = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError &&
  error.cause instanceof ApplicationFailure &&
  error.cause.type === 'AcceptedUpdateCompletedWorkflow';

/**
 * What clients meet while a session continues as new, closes a workflow task or is busy, and while Temporal or the only
 * worker restarts.
 */
function isPassing(error: unknown): boolean {
  if (error instanceof Unanswered) return true;
  if (error instanceof WorkflowUpdateFailedError)
    return error.cause instanceof ApplicationFailure && PASSING_FAILURES.has(error.cause.type ?? '');
  // The SDK's name for any query that failed.
  if (error instanceof QueryNotRegisteredError) return isUnread(error);
  if (error instanceof WorkflowNotFoundError) return /^update .* not found/i.test(error.message);
  const grpc = grpcOf(error);
  if (!grpc) return false;
  return (
    grpc.code === status.RESOURCE_EXHAUSTED ||
    grpc.code === status.UNAVAILABLE ||
    (grpc.code === status.FAILED_PRECONDITION && /workflow task/i.test(grpc.details))
  );
}

/** Temporal knows at once that nobody would answer. */
function isNoPoller(error: unknown): boolean {
  const grpc = grpcOf(error);
  return grpc?.code === status.FAILED_PRECONDITION && /no poller/i.test(grpc.details);
}

/** A validator's "no": malformed input. */
function refusalOf(error: unknown): CustodyError | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  return new CustodyError(isErrorCode(cause.type) ? cause.type : 'INTERNAL_ERROR', cause.message, {
    cause: error,
  });
}
