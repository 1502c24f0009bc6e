import type { Connection } from '@temporalio/client';
import { onAbort } from './onAbort.ts';

/** What ends requests on a connection early. */
export interface Abort {
  readonly connection: Pick<Connection, 'withAbortSignal'>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes a request that ends when the signal is aborted, and fails with its reason then.
 *
 * The fault: the SDK leaves a listener on the signal for each request. Without this, what listens to a session for days
 * by one request after the other grows with each of them.
 */
export async function abortable<T>({ connection, signal }: Abort, request: () => Promise<T>): Promise<T> {
  if (!signal) return request();
  signal.throwIfAborted();
  const own = new AbortController();
  const giveUp = onAbort(signal, () => own.abort(signal.reason));
  try {
    return await connection.withAbortSignal(own.signal, request);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    giveUp();
  }
}
