import { setTimeout as delay } from 'node:timers/promises';

/** Waits so many milliseconds; fails with the reason of the signal as soon as that is aborted. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
}
