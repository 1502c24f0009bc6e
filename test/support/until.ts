import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks, and until giving up: far more than a busy machine needs, so no test bets on it. */
const INTERVAL = 25;
const LIMIT = 150_000;

/** Waits until `look` finds something, asking again and again; fails with `what` when it never does. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limit = LIMIT,
): Promise<Exclude<NonNullable<T>, false>> {
  const giveUpAt = performance.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<NonNullable<T>, false>;
    if (performance.now() > giveUpAt) throw new Error(`Within ${limit / 1000} s: not ${what}.`);
    await delay(INTERVAL);
  }
}
