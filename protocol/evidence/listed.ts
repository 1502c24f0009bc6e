import type { Sealed } from './sealed.ts';

/** How far a session was sealed when the log of its namespace was told so. */
export type Listed = Pick<Sealed, 'size' | 'at' | 'isWhole'>;

/** Milliseconds within which the log of the namespace is told of a session that grows. */
export const LIST_EVERY = 3_600_000;

/** The log of the namespace has the first look, the last one, and one for each hour in which something was added. */
export function isDue({ size, at, isWhole }: Listed, listed: Listed | undefined): boolean {
  if (size === 0) return false;
  if (!listed || isWhole !== listed.isWhole) return true;
  return size > listed.size && (isWhole || at - listed.at >= LIST_EVERY);
}
