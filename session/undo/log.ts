import type { UndoEntry, UndoPage } from '../../protocol/calls/undo.ts';
import type { Ref } from '../../protocol/values/payload.ts';

/** What a session has done to the world and how to undo it: append-only, its older part in pages outside history. */
export interface UndoLog {
  /** Number of the last entry. */
  readonly last: number;
  /** The newest page. */
  readonly pages: Ref | null;
  /** Number of the last entry in pages. */
  readonly paged: number;
  readonly recent: readonly UndoEntry[];
  /** Numbers of entries that are undone, as ranges in ascending order. */
  readonly undone: readonly (readonly [from: number, to: number])[];
}

export const EMPTY_LOG: UndoLog = { last: 0, pages: null, paged: 0, recent: [], undone: [] };

/** A rollback under way. */
export interface RollbackProgress {
  /** Entries above it are to be undone. */
  readonly floor: number;
  /** The entry to look at next, downwards. */
  readonly next: number;
  /** A page that was read back, for the entries that it has. */
  readonly page: UndoPage | null;
  readonly undone: number;
  readonly remaining: number;
  /** The first of what remains, in words; all of it is on record. */
  readonly shown: readonly string[];
}

/** What a step of a rollback left for a person, and why. */
export interface Remains {
  readonly what: string;
  readonly why: string;
}

export const isUndone = ({ undone }: Pick<UndoLog, 'undone'>, n: number): boolean =>
  undone.some(([from, to]) => from <= n && n <= to);

export const countUndone = ({ undone }: UndoLog): number => undone.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** The log with one more entry undone; neighbouring ranges become one. */
export function withUndone(log: UndoLog, n: number): UndoLog {
  if (isUndone(log, n)) return log;
  const ranges = [...log.undone, [n, n] as const].sort((a, b) => a[0] - b[0]);
  const undone: (readonly [number, number])[] = [];
  for (const [from, to] of ranges) {
    const last = undone.at(-1);
    if (last && last[1] + 1 === from) undone[undone.length - 1] = [last[0], to];
    else undone.push([from, to]);
  }
  return { ...log, undone };
}

/** The log, and the rollback that reads it. */
interface Undone {
  readonly undo: UndoLog;
  readonly rollback: RollbackProgress | null;
}

/** An entry, if it is at hand; those in pages are once their page was read back. */
export const entryOf = ({ undo, rollback }: Undone, n: number): UndoEntry | undefined =>
  (n > undo.paged ? undo.recent : (rollback?.page?.entries ?? [])).find((entry) => entry.n === n);

/** The page that a rollback needs next; undefined while what it needs is at hand. */
export function pageNeeded({ undo, rollback }: Undone): Ref | undefined {
  if (!rollback || rollback.next <= rollback.floor || rollback.next > undo.paged) return undefined;
  const { page, next } = rollback;
  if (page?.entries.some((entry) => entry.n === next)) return undefined;
  return (page ? page.before : undo.pages) ?? undefined;
}

/** The first of what remains, and how many more there are. */
export const shortened = (shown: readonly string[], remaining: number): string =>
  shown.slice(0, 10).join(', ') +
  (remaining > Math.min(shown.length, 10) ? ` and ${remaining - Math.min(shown.length, 10)} more` : '');
