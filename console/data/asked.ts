import { type Signal, useSignal } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { ask, Refused } from './api.ts';

export interface Asked<T> {
  /** The last answer, also where a later one failed. */
  readonly data?: T;
  readonly error?: Refused;
}

/** Milliseconds within which repeated wishes to ask again are one. */
const TOGETHER = 250;
/** What is answered so is answered so again. */
const FINAL: ReadonlySet<string> = new Set(['APPROVAL_ENDED', 'SESSION_NOT_FOUND', 'ROLE_MISSING', 'REQUEST_REFUSED']);

/**
 * What the API answers at a path, asked again every so often while the page is looked at.
 * @param path null asks nothing
 * @param every milliseconds; 0 is once
 */
export function useAsked<T>(path: string | null, every = 0): { readonly now: Signal<Asked<T>>; again(): void } {
  const now = useSignal<Asked<T>>({});
  const wish = useRef<() => void>(() => undefined);
  useEffect(() => {
    now.value = {};
    if (path === null) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async (): Promise<void> => {
      clearTimeout(timer);
      timer = undefined;
      if (!document.hidden)
        try {
          now.value = { data: await ask<T>(path, { signal: stop.signal }) };
        } catch (error) {
          if (!(error instanceof Refused) || stop.signal.aborted) return;
          now.value = { ...now.value, error };
          if (FINAL.has(error.code)) return;
        }
      if (every > 0 && !stop.signal.aborted) timer ??= setTimeout(() => void run(), every);
    };
    const seen = (): void => {
      if (!document.hidden && every > 0) void run();
    };
    wish.current = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void run(), TOGETHER);
    };
    document.addEventListener('visibilitychange', seen);
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [path, every]);
  return { now, again: useCallback(() => wish.current(), []) };
}
