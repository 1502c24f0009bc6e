import type { Connection } from '@temporalio/client';

/**
 * Makes a request that ends when the signal is aborted.
 *
 * The fault: the SDK leaves a listener on the signal for each request. Without this, what listens to a session for days
 * by one request after the other grows with each of them.
 */
export async function abortable<T>(
  connection: Pick<Connection, 'withAbortSignal'>,
  signal: AbortSignal,
  request: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await connection.withAbortSignal(own.signal, request);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
