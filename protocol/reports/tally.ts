import type { Layer } from '../records.ts';

/** How often something stands on record, and the numbers of the first and the last such record. */
export interface Cited {
  readonly layer: Layer;
  readonly times: number;
  readonly first: number;
  readonly last: number;
}

/** What stands on record of a session so far, by kind, and how its calls ended; compensations are not counted. */
export interface Tally {
  readonly kinds: { readonly [kind: string]: Cited };
  readonly outcomes: { readonly [outcome: string]: number };
}
