import { LIST_EVERY, type Listed } from '../../protocol/evidence/listed.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';

const SECOND = 1000;
/** Between looks while there is something new, in milliseconds; without it twice as long each time, up to the most. */
export const SOON = 60 * SECOND;
const MOST = 60 * SOON;
const MOST_FAILING = 10 * SOON;
/** Between looks, however often somebody says that there is something new. */
export const LEAST = 2 * SECOND;

/**
 * Milliseconds from one look to the next, if nobody asks for it before.
 *
 * @param wait from the look before to this one
 * @param listed what the log of the namespace has
 */
export function waitAfter(wait: number, before: Sealed, now: Sealed, listed: Listed | undefined): number {
  const next = now.size > before.size ? SOON : Math.min(2 * wait, now.failing ? MOST_FAILING : MOST);
  if (now.failing || now.size <= (listed?.size ?? 0)) return next;
  return Math.min(next, Math.max((listed?.at ?? now.at) + LIST_EVERY - now.at, SOON));
}
