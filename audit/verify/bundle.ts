import type { Verifier } from '../tlog/note/keys.ts';
import type { Hasher, Sha256 } from '../tlog/tree/hashing.ts';
import type { EvidenceRecord } from '../read/record.ts';

/** A bundle as it lies somewhere: a directory, an archive, files given to a page. */
export interface Bundle {
  /**
   * Undefined: there is none.
   * @throws CustodyError EVIDENCE_TOO_LARGE beyond `most` bytes; EVIDENCE_REFUSED for what is no plain file
   */
  get(path: string, most: number): Promise<Uint8Array | undefined>;
  /** Paths of all files, with `/` between folders. */
  list(folder: ''): AsyncIterable<string>;
}

/** Whom and what the one who verifies believes, and what there is to verify with. */
export interface Trust {
  /** Keys of those who seal. */
  readonly keys: readonly Verifier[];
  /** Keys of witnesses, and how many of them must have signed; 0 for none. */
  readonly witnesses?: { readonly keys: readonly Verifier[]; readonly least: number };
  /** `custody/NAMESPACE/SESSION`, where it is known which bundle it should be. */
  readonly origin?: string;
  /** The key of the session, where it is not in the bundle. */
  readonly sessionKey?: Uint8Array;
  /** Who may have made a time stamp; answers with the time, and throws where it is not of the text or not by them. */
  readonly timestamp?: (answer: Uint8Array, text: Uint8Array) => Promise<Date>;
  /** Reads a raw history of one run; absent where nothing here can. @throws for what is none */
  readonly recordsIn?: (session: string, run: string, history: Uint8Array) => readonly EvidenceRecord[];
  readonly sha256?: Sha256;
  readonly hasher?: Hasher;
}

/** Bytes of the largest file of each kind that is read, of the tiles of a log, and of all files. */
export const MOST = {
  note: 1024 * 1024,
  manifest: 64 * 1024 * 1024,
  tile: 17 * 1024 * 1024,
  file: 64 * 1024 * 1024,
  key: 1024,
  log: 1024 * 1024 * 1024,
  bundle: 4 * 1024 * 1024 * 1024,
} as const;

/** Files and leaves that a bundle may have. */
export const MOST_FILES = 1_000_000;

/**
 * What lies in an archive, without what is not listed: tiles that wider ones replaced, and what a writer left that
 * died. It counts for nothing.
 */
export const asListed = (bundle: Bundle): Bundle => ({ get: (path, most) => bundle.get(path, most), async *list() {} });
