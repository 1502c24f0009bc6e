import { status, type StatusObject } from '@grpc/grpc-js';
import { defaultGrpcRetryOptions, type GrpcRetryOptions } from '@temporalio/client';

/** What the server says when one session is busy, and not the server. */
const SESSION_BUSY = /workflow is closing|query buffer is full|updates/i;

const isSessionBusy = ({ code, details }: Pick<StatusObject, 'code' | 'details'>): boolean =>
  code === status.RESOURCE_EXHAUSTED && SESSION_BUSY.test(details);

/** Times that a busy session is asked: for about half a minute. */
const ATTEMPTS = 16;

/**
 * How often, and how long after, a request is made again.
 *
 * The fault: the SDK waits a second or more on any RESOURCE_EXHAUSTED, also where one session is busy for milliseconds,
 * and where it begins sooner it gives up sooner. Without this, a call that meets a session which continues as new takes
 * seconds; on a busy machine, a command would fail.
 */
export function retryOptions(maxJitter?: number): GrpcRetryOptions {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions({
    ...(maxJitter === undefined ? {} : { maxJitter }),
    initialIntervalMs: (given) => (isSessionBusy(given) ? 20 : given.code === status.RESOURCE_EXHAUSTED ? 1000 : 100),
  });
  return {
    delayFunction,
    retryableDecider: (attempt, given) =>
      retryableDecider(attempt, given) || (attempt < ATTEMPTS && isSessionBusy(given)),
  };
}
