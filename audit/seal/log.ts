import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import type { EvidenceStore } from '../../protocol/evidence/store.ts';
import { verifyCheckpoint } from '../tlog/note/checkpoint.ts';
import type { Verifier } from '../tlog/note/keys.ts';
import type { Signer } from '../tlog/note/sign.ts';
import { verifyNote } from '../tlog/note/verify.ts';
import { bytesOf, textOf } from '../tlog/note/text.ts';
import { entriesOf, type Files, filesFrom } from '../tlog/tiles/files.ts';
import { edgeOf, nodesOf, TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn } from '../tlog/tiles/paths.ts';
import { nodesIn } from '../tlog/tiles/nodes.ts';
import { EMPTY_TREE, type Frontier, rootOf } from '../tlog/tree/frontier.ts';
import type { Hasher, Sha256 } from '../tlog/tree/hashing.ts';
import type { SessionKeys } from './keys.ts';
import type { Leaf } from './leaf.ts';
import { type Listed, parseManifest } from './manifest.ts';
import { CHECKPOINT, MANIFEST } from './paths.ts';

/** The log of one session, where it is kept, and with what it is made. */
export interface Log {
  readonly store: EvidenceStore;
  /** Until when nobody shall be able to delete what is written now; undefined: it is not locked. */
  readonly retainUntil?: () => Date;
  readonly origin: string;
  readonly signer: Signer;
  /** Keys that signed it before, and may have to be believed. */
  readonly before: readonly Verifier[];
  readonly keys: SessionKeys;
  readonly sha256: Sha256;
  readonly hasher: Hasher;
}

/** What a log holds. */
export interface Held {
  readonly tree: Frontier;
  /** All files but the manifest, by path. */
  readonly files: Listed;
  /** Where the last leaf stands; undefined: there is none. */
  readonly last: Pick<Leaf, 'run' | 'events'> | undefined;
  /** The partial tiles at its right edge. */
  readonly edge: Files;
}

/** Bytes of the largest manifest and tile that are read. */
export const MANIFEST_BYTES = 64 * 1024 * 1024;
export const TILE_BYTES = 17 * 1024 * 1024;

const NOTHING: Held = { tree: EMPTY_TREE, files: new Map(), last: undefined, edge: () => undefined };

/**
 * What a log holds by its own signed words, each of which is checked.
 *
 * @throws CustodyError BUNDLE_TORN, and what reading and verifying fail with
 */
export async function heldBy(log: Log): Promise<Held> {
  const manifest = await log.store.get(MANIFEST, MANIFEST_BYTES);
  if (!manifest) return NOTHING;
  const trusted = [log.signer.verifier, ...log.before];
  const { origin, files } = parseManifest((await verifyNote(manifest, trusted, MANIFEST_BYTES)).text);
  if (origin !== log.origin) throw new CustodyError('BUNDLE_MALFORMED', `The manifest is of ${origin}.`);
  const note = await read(log, files, CHECKPOINT);
  const { checkpoint } = await verifyCheckpoint(note, { origin: log.origin, keys: trusted });
  const { size } = checkpoint;
  if (size === 0) return { ...NOTHING, files };
  const paths = new Set([...edgeOf(size), ...rightmost(size)].map((tile) => tilePath(tile)));
  const edge = filesFrom(
    await Promise.all([...paths].map(async (path) => ({ path, bytes: await read(log, files, path) }))),
  );
  const tree = { size, hashes: hashesOf(size, edge, log.hasher) };
  if (bytesToHex(rootOf(tree, log.hasher)) !== bytesToHex(checkpoint.root))
    throw new CustodyError('LOG_CONTRADICTS', `The tiles of ${log.origin} have not the root of its checkpoint.`);
  return { tree, files, last: lastLeaf(size, edge), edge };
}

/** A file that the manifest lists. @throws CustodyError BUNDLE_TORN */
export async function read({ store, sha256 }: Log, files: Listed, path: string): Promise<Uint8Array> {
  const bytes = await store.get(path, TILE_BYTES);
  if (bytes && bytesToHex(sha256(bytes)) === files.get(path)) return bytes;
  throw new CustodyError('BUNDLE_TORN', `${path} is not, or not yet, what the manifest says.`);
}

/** The last tile of each level, full or not. */
const rightmost = (size: number) =>
  (['entries', 0, 1, 2, 3, 4, 5, 6] as const).flatMap((level) => {
    const nodes = nodesOf(level === 'entries' ? 0 : level, size);
    const index = Math.floor((nodes - 1) / TILE_WIDTH);
    return nodes === 0 ? [] : [{ level, index, width: widthIn(size, level, index) }];
  });

/** The roots of the perfect subtrees of a tree, the largest first. */
function hashesOf(size: number, files: Files, hasher: Hasher): readonly string[] {
  const at = nodesIn(size, files, hasher);
  const hashes: string[] = [];
  let first = 0;
  for (let level = TILE_HEIGHT * 7 - 1; level >= 0; level -= 1) {
    const count = 2 ** level;
    if (Math.floor(size / count) % 2 === 0) continue;
    hashes.push(bytesToHex(at(level, first / count)));
    first += count;
  }
  return hashes;
}

function lastLeaf(size: number, files: Files): Leaf {
  const index = Math.floor((size - 1) / TILE_WIDTH);
  const entries = entriesOf({ level: 'entries', index, width: widthIn(size, 'entries', index) }, files);
  return JSON.parse(textOf(entries.at(-1) ?? bytesOf('')) ?? '') as Leaf;
}
