/** A signal with an end of its own. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Nothing comes of it any more. */
  end(): void;
}

/**
 * Aborted with `by`, or with a TimeoutError after so many milliseconds. Once it has ended it leaves nothing on `by`,
 * which may live as long as the process: a signal of `AbortSignal.any` stays on it for ever (Node.js 20).
 */
export function deadlineOf(by: AbortSignal, timeout: number): Deadline {
  const own = new AbortController();
  const abort = (): void => own.abort(by.reason);
  const timer = setTimeout(() => own.abort(new DOMException('The time is up.', 'TimeoutError')), timeout);
  by.addEventListener('abort', abort, { once: true });
  if (by.aborted) abort();
  return {
    signal: own.signal,
    end: () => {
      clearTimeout(timer);
      by.removeEventListener('abort', abort);
    },
  };
}
