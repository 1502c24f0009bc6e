import type { Refusal } from '../errors.ts';

/** How far a session is sealed. */
export interface Sealed {
  /** Records in its log. */
  readonly size: number;
  /** Root hash of the log, in hex; empty while nothing is sealed. */
  readonly root: string;
  /** When it was looked at last, in epoch milliseconds. */
  readonly at: number;
  /** The session is over, and all of it is sealed. */
  readonly isWhole: boolean;
  /** Why the last look came to nothing. */
  readonly failing?: Refusal & { readonly since: number };
  /** Why the log of the namespace does not have it yet. */
  readonly unlisted?: Refusal;
}

export const NOTHING_SEALED: Sealed = { size: 0, root: '', at: 0, isWhole: false };
