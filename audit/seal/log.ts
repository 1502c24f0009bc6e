import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import type { EvidenceStore } from '../../protocol/evidence/store.ts';
import { type Checkpoint, checkpointText, verifyCheckpoint } from '../tlog/note/checkpoint.ts';
import type { Verifier } from '../tlog/note/keys.ts';
import { type Signer, signed } from '../tlog/note/sign.ts';
import { verifyNote } from '../tlog/note/verify.ts';
import { bytesOf, textOf } from '../tlog/note/text.ts';
import { entriesOf, type Files, filesFrom } from '../tlog/tiles/files.ts';
import { edgeOf, nodesOf, parseTilePath, TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn } from '../tlog/tiles/paths.ts';
import { nodesIn } from '../tlog/tiles/nodes.ts';
import { EMPTY_TREE, type Frontier, rootOf } from '../tlog/tree/frontier.ts';
import type { Hasher, Sha256 } from '../tlog/tree/hashing.ts';
import type { SessionKeys } from './keys.ts';
import type { Leaf } from './leaf.ts';
import { type Listed, parseManifest } from './manifest.ts';
import { CHECKPOINT, MANIFEST } from './paths.ts';
import { writeSigned } from './write.ts';

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
  /** SHA-256 in hex of the manifest that says so; empty where there is none. */
  readonly manifest: string;
  /** A checkpoint of more than the manifest lists: a writer died after it. What is added must come to its root. */
  readonly ahead?: Pick<Checkpoint, 'size' | 'root'>;
}

/** Bytes of the largest manifest and tile that are read. */
export const MANIFEST_BYTES = 64 * 1024 * 1024;
export const TILE_BYTES = 17 * 1024 * 1024;

const NOTHING: Held = { tree: EMPTY_TREE, files: new Map(), last: undefined, edge: () => undefined, manifest: '' };

/**
 * What a log holds by its own signed words, each of which is checked: all that its manifest lists. A checkpoint that a
 * writer left there that died, or that came late, is written anew or told as `ahead`.
 *
 * @throws CustodyError BUNDLE_TORN, LOG_CONTRADICTS, and what reading and verifying fail with
 */
export async function heldBy(log: Log): Promise<Held> {
  const manifest = await log.store.get(MANIFEST, MANIFEST_BYTES);
  const held = manifest ? await listedIn(log, manifest) : NOTHING;
  const note = await log.store.get(CHECKPOINT, TILE_BYTES);
  if (!note && !manifest) return held;
  if (!note) throw torn(CHECKPOINT);
  const { checkpoint } = await verifyCheckpoint(note, { origin: log.origin, keys: trustedBy(log) });
  const { size } = held.tree;
  const root = rootOf(held.tree, log.hasher);
  const isListed = bytesToHex(log.sha256(note)) === held.files.get(CHECKPOINT);
  const isSame = checkpoint.size === size && bytesToHex(root) === bytesToHex(checkpoint.root);
  if (!isSame && (isListed || checkpoint.size === size))
    throw new CustodyError('LOG_CONTRADICTS', `The tiles of ${log.origin} have not the root of its checkpoint.`);
  if (isListed) return held;
  if (checkpoint.size > size) return { ...held, ahead: checkpoint };
  // It may have cosignatures that the one in the list has not.
  if (isSame) return writeSigned(log, held, note);
  return writeSigned(log, held, await signed(checkpointText({ origin: log.origin, size, root }), [log.signer]));
}

async function listedIn(log: Log, manifest: Uint8Array): Promise<Held> {
  const { origin, files } = parseManifest((await verifyNote(manifest, trustedBy(log), MANIFEST_BYTES)).text);
  if (origin !== log.origin) throw new CustodyError('BUNDLE_MALFORMED', `The manifest is of ${origin}.`);
  const known = { ...NOTHING, files, manifest: bytesToHex(log.sha256(manifest)) };
  const size = sizeIn(files);
  if (size === 0) return known;
  const paths = new Set([...edgeOf(size), ...rightmost(size)].map((tile) => tilePath(tile)));
  const edge = filesFrom(
    await Promise.all([...paths].map(async (path) => ({ path, bytes: await read(log, files, path) }))),
  );
  return { ...known, tree: { size, hashes: hashesOf(size, edge, log.hasher) }, last: lastLeaf(size, edge), edge };
}

const trustedBy = ({ signer, before }: Log): readonly Verifier[] => [signer.verifier, ...before];

/** Entries in the tiles that are listed. */
function sizeIn(files: Listed): number {
  const tiles = [...files.keys()].filter((path) => path.startsWith('tile/entries/')).map(parseTilePath);
  return tiles.reduce((most, { index, width }) => Math.max(most, index * TILE_WIDTH + width), 0);
}

/** A file that the manifest lists. @throws CustodyError BUNDLE_TORN */
export async function read({ store, sha256 }: Log, files: Listed, path: string): Promise<Uint8Array> {
  const bytes = await store.get(path, TILE_BYTES);
  if (bytes && bytesToHex(sha256(bytes)) === files.get(path)) return bytes;
  throw torn(path);
}

const torn = (path: string): CustodyError =>
  new CustodyError('BUNDLE_TORN', `${path} is not, or not yet, what the manifest says.`);

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
