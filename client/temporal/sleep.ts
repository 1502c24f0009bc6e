import { onAbort } from '../sdk/onAbort.ts';

/** Waits so many milliseconds; fails with the reason of the signal as soon as that is aborted. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const giveUp = signal && onAbort(signal, () => (clearTimeout(timer), reject(signal.reason as Error)));
    const timer = setTimeout(() => (giveUp?.(), resolve()), ms);
  });
}
