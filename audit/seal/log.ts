import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import type { EvidenceStore } from '../../protocol/evidence/store.ts';
import type { Checkpoint } from '../tlog/note/checkpoint.ts';
import type { Verifier } from '../tlog/note/keys.ts';
import type { Signer } from '../tlog/note/sign.ts';
import type { Files } from '../tlog/tiles/files.ts';
import type { Frontier } from '../tlog/tree/frontier.ts';
import type { Hasher, Sha256 } from '../tlog/tree/hashing.ts';
import type { SessionKeys } from './keys.ts';
import type { Leaf } from './leaf.ts';
import type { Listed } from './manifest.ts';

/** A log, where it is kept, and by whom it is signed. */
export interface SignedLog {
  readonly store: EvidenceStore;
  /** Until when nobody shall be able to delete what is written now; undefined: it is not locked. */
  readonly retainUntil?: () => Date;
  readonly origin: string;
  readonly signer: Signer;
  /** Keys that signed it before, and may have to be believed. */
  readonly before: readonly Verifier[];
  readonly sha256: Sha256;
  readonly hasher: Hasher;
}

/** The log of one session. */
export interface Log extends SignedLog {
  readonly keys: SessionKeys;
}

/** What a log holds. */
export interface Held {
  readonly tree: Frontier;
  /** All files but the manifest, by path. */
  readonly files: Listed;
  /** The last leaf; undefined: there is none. */
  readonly last: Leaf | undefined;
  /** The partial tiles at its right edge. */
  readonly edge: Files;
  /** SHA-256 in hex of the manifest that says so; empty where there is none. */
  readonly manifest: string;
  /** A checkpoint of more than the manifest lists: a writer died after it. What is added must come to its root. */
  readonly ahead?: Pick<Checkpoint, 'size' | 'root'>;
}

/** Bytes of the largest manifest and tile that are read. */
export const MANIFEST_BYTES = 64 * 1024 * 1024;
export const TILE_BYTES = 17 * 1024 * 1024;

/** A file that the manifest lists. @throws CustodyError BUNDLE_TORN */
export async function read({ store, sha256 }: SignedLog, files: Listed, path: string): Promise<Uint8Array> {
  const bytes = await store.get(path, TILE_BYTES);
  if (bytes && bytesToHex(sha256(bytes)) === files.get(path)) return bytes;
  throw torn(path);
}

/** A file is not what the manifest says. */
export const torn = (path: string): CustodyError =>
  new CustodyError('BUNDLE_TORN', `${path} is not, or not yet, what the manifest says.`);
