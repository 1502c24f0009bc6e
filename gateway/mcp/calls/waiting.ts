import type { ServerContext } from '@modelcontextprotocol/server';
import { Progress } from '../telling/progress.ts';

const PROGRESS_EVERY = 5000;

export interface Patience {
  /** Milliseconds until a client that must wait is told to come back; Infinity is never. */
  readonly parkAfter: number;
  /** Tells it so at once. */
  readonly hurry?: AbortSignal | undefined;
  /** What is waited for, in words. */
  readonly why: () => string;
  /** Of the request, where others tell of it as well. */
  readonly progress?: Progress | undefined;
}

/** The answer did not come in time. What was asked for goes on. */
export const STILL_WAITING = Symbol('still waiting');

/**
 * Waits for an answer as long as its client can: meanwhile a client that takes progress hears of it every few seconds.
 * Rejects when the client cancels its request.
 *
 * @param work stops waiting, and nothing else, when its signal is aborted
 */
export async function waitFor<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { mcpReq }: ServerContext,
  { parkAfter, hurry, why, progress = Progress.of(mcpReq) }: Patience,
): Promise<T | typeof STILL_WAITING> {
  const done = new AbortController();
  const signal = AbortSignal.any([mcpReq.signal, done.signal]);
  const timer = progress && setInterval(() => void progress.tick(why()), PROGRESS_EVERY);
  try {
    const working = work(signal);
    working.catch(() => undefined); // Of interest to nobody once the client has its answer.
    return await Promise.race([working, timeUp(parkAfter, hurry, done.signal), cancelled(mcpReq.signal, done.signal)]);
  } finally {
    clearInterval(timer);
    done.abort();
  }
}

function timeUp(after: number, hurry: AbortSignal | undefined, done: AbortSignal): Promise<typeof STILL_WAITING> {
  return new Promise((resolve) => {
    const give = (): void => resolve(STILL_WAITING);
    if (hurry?.aborted) return give();
    hurry?.addEventListener('abort', give, { once: true, signal: done });
    if (!Number.isFinite(after)) return;
    const timer = setTimeout(give, after);
    done.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function cancelled(by: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const give = (): void =>
      reject(by.reason instanceof Error ? by.reason : new Error('The client cancelled its request.'));
    if (by.aborted) return give();
    by.addEventListener('abort', give, { once: true, signal: done });
  });
}
