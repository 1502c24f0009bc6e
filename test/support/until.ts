import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL = 25;

/**
 * Waits until `look` finds something, asking again and again; fails with `what` when it does not within `limit`
 * milliseconds.
 */
export async function until<T>(what: string, look: () => T | Promise<T>, limit = 10_000): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > giveUpAt) throw new Error(`Within ${limit} ms: not ${what}.`);
    await delay(INTERVAL);
  }
}
