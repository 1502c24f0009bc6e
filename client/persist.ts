import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { CustodyError } from '../session/errors.ts';
import { grpcOf, toCustodyError } from './errors.ts';

/** Back-off, in milliseconds; the last one stays. */
const DELAYS = [20, 30, 50, 50, 50, 100, 200, 500] as const;
/** How long to go on against errors that pass by themselves. */
const PATIENCE = 60_000;

/**
 * Does a piece of work again while it meets errors that pass by themselves. Safe for calls and commands, as a session takes
 * each call id and command id once. Fails with a CustodyError.
 */
export async function persist<T>(work: () => Promise<T>, session: string, signal?: AbortSignal): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (let round = 0; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || Date.now() > end) throw refusalOf(error) ?? toCustodyError(error, session);
      await delay(DELAYS[Math.min(round, DELAYS.length - 1)], undefined, { signal });
    }
  }
}

/** What clients meet while a session continues as new, closes a workflow task or is busy, and while Temporal restarts (D5). */
function isPassing(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) return error.cause instanceof ApplicationFailure && error.cause.type === 'AcceptedUpdateCompletedWorkflow';
  if (error instanceof WorkflowNotFoundError) return /^update .* not found/i.test(error.message);
  const grpc = grpcOf(error);
  if (!grpc) return false;
  return grpc.code === status.RESOURCE_EXHAUSTED || grpc.code === status.UNAVAILABLE || (grpc.code === status.FAILED_PRECONDITION && /workflow task/i.test(grpc.details));
}

/** A validator's "no": malformed input. */
function refusalOf(error: unknown): CustodyError | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  return new CustodyError(cause.type === 'MALFORMED_COMMAND' ? 'MALFORMED_COMMAND' : 'INTERNAL_ERROR', cause.message, { cause: error });
}
