import { status, type StatusObject } from '@grpc/grpc-js';

/** What the server says when one session is busy, and not the server. */
const SESSION_BUSY = /workflow is closing|query buffer is full|updates/i;

/**
 * Milliseconds before a request is made again for the first time.
 *
 * The fault: the SDK waits a second or more on any RESOURCE_EXHAUSTED, also where one session is busy for milliseconds.
 * Without this, a call that meets a session which continues as new takes seconds.
 */
export function initialBackoff({ code, details }: Pick<StatusObject, 'code' | 'details'>): number {
  if (code !== status.RESOURCE_EXHAUSTED) return 100;
  return SESSION_BUSY.test(details) ? 20 : 1000;
}
