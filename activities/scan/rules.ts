import type { Scanned } from '../../protocol/incidents/scan.ts';

/** A part of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * One kind of thing that is looked for by its form alone. Texts are hostile: what it takes grows with their length, and
 * no faster.
 */
export interface ScanRule {
  readonly what: Scanned;
  /** Stands in markers and findings. */
  readonly name: string;
  find(text: string): readonly Span[];
}

/** A rule that is a pattern, and a check of what it matches. */
export const byPattern = (
  what: Scanned,
  name: string,
  pattern: RegExp,
  isOne: (match: string) => boolean = () => true,
): ScanRule => ({
  what,
  name,
  find: (text) =>
    [...text.matchAll(pattern)]
      .filter(([match]) => isOne(match))
      .map(({ index, 0: match }) => ({ start: index, end: index + match.length })),
});
