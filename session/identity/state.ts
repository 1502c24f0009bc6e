import type { SentProof, Proven } from '../../protocol/identity/standing.ts';

/** Who is behind the names that a session hears. */
export interface Identity {
  /**
   * Hash of the list of principals that its workers had as it opened; null where they had none. Then nobody is proven,
   * and nobody has to be. The list itself is looked at anew for each proof.
   */
  readonly principals: string | null;
  /** Signatures that were good, by key, for as long as they could be sent again. */
  readonly signatures: { readonly [key: string]: KeySignatures };
  /** Of its start, until a worker has checked it. */
  readonly signedStart: SentProof | null;
  /** Not there where nobody said. */
  readonly startedBy?: Starter;
}

/** Who started a session, and why. */
export interface Starter {
  readonly actor: string;
  readonly reason: string;
  readonly proven?: Proven;
}

/** What one key has signed of late. */
export interface KeySignatures {
  /** Signatures of this instant and before are not taken any more: they may have been. Epoch milliseconds. */
  readonly upTo: number;
  readonly kept: readonly Signature[];
}

export interface Signature {
  /** When it was signed, epoch milliseconds. */
  readonly at: number;
  /** See `commandKey`. */
  readonly command: string;
  /** The command took effect: a repeat is answered, and changes nothing. */
  readonly isDone: boolean;
}

export const NOBODY_KNOWN: Omit<Identity, 'startedBy'> = { principals: null, signatures: {}, signedStart: null };
