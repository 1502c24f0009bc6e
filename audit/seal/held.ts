import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import { checkpointText, verifyCheckpoint } from '../tlog/note/checkpoint.ts';
import type { Verifier } from '../tlog/note/keys.ts';
import { signed } from '../tlog/note/sign.ts';
import { bytesOf, textOf } from '../tlog/note/text.ts';
import { verifyNote } from '../tlog/note/verify.ts';
import { entriesOf, type Files, filesFrom } from '../tlog/tiles/files.ts';
import { nodesIn } from '../tlog/tiles/nodes.ts';
import { edgeOf, nodesOf, parseTilePath, TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn } from '../tlog/tiles/paths.ts';
import { EMPTY_TREE, rootOf } from '../tlog/tree/frontier.ts';
import type { Hasher } from '../tlog/tree/hashing.ts';
import type { Leaf } from './leaf.ts';
import { type Held, MANIFEST_BYTES, read, type SignedLog, TILE_BYTES, torn } from './log.ts';
import { type Listed, parseManifest } from './manifest.ts';
import { CHECKPOINT, MANIFEST } from './paths.ts';
import { writeSigned } from './write.ts';

const NOTHING: Held = { tree: EMPTY_TREE, files: new Map(), last: undefined, edge: () => undefined, manifest: '' };

/**
 * What a log holds by its own signed words, each of which is checked: all that its manifest lists. A checkpoint that a
 * writer left there that died, or that came late, is written anew or told as `ahead`.
 *
 * @throws CustodyError BUNDLE_TORN, LOG_CONTRADICTS, and what reading and verifying fail with
 */
export async function heldBy(log: SignedLog): Promise<Held> {
  const held = await readBy(log);
  const note = await log.store.get(CHECKPOINT, TILE_BYTES);
  if (!note && !held.manifest) return held;
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

/** The same by its manifest alone. Nothing is written. @throws CustodyError BUNDLE_TORN, and as `heldBy` */
export async function readBy(log: SignedLog): Promise<Held> {
  const manifest = await log.store.get(MANIFEST, MANIFEST_BYTES);
  return manifest ? listedIn(log, manifest) : NOTHING;
}

async function listedIn(log: SignedLog, manifest: Uint8Array): Promise<Held> {
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

const trustedBy = ({ signer, before }: SignedLog): readonly Verifier[] => [signer.verifier, ...before];

/** Entries in the tiles that are listed. */
function sizeIn(files: Listed): number {
  const tiles = [...files.keys()].filter((path) => path.startsWith('tile/entries/')).map(parseTilePath);
  return tiles.reduce((most, { index, width }) => Math.max(most, index * TILE_WIDTH + width), 0);
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
