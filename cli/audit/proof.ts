import { writeFile } from 'node:fs/promises';
import { nativeSha256 } from '../../audit/nativeSha256.ts';
import type { Opening } from '../../audit/seal/leaf.ts';
import { parseManifest } from '../../audit/seal/manifest.ts';
import { CHECKPOINT, MANIFEST, openingsIn } from '../../audit/seal/paths.ts';
import { parseCheckpoint } from '../../audit/tlog/note/checkpoint.ts';
import { parseNote } from '../../audit/tlog/note/note.ts';
import { proofBytes } from '../../audit/tlog/note/proofFile.ts';
import { bytesOf } from '../../audit/tlog/note/text.ts';
import { entriesOf, filesFrom, type LogFile } from '../../audit/tlog/tiles/files.ts';
import { inclusionPaths, nodesIn } from '../../audit/tlog/tiles/nodes.ts';
import { TILE_WIDTH, type Tile, tilePath, widthIn } from '../../audit/tlog/tiles/paths.ts';
import { hasherOver } from '../../audit/tlog/tree/hashing.ts';
import { inclusionProof } from '../../audit/tlog/tree/proofs.ts';
import { MOST } from '../../audit/verify/bundle.ts';
import { canonicalIn } from '../../audit/verify/json.ts';
import { keysIn } from '../../audit/verify/openings.ts';
import { extraOf } from '../../audit/verify/proof.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { BundleFolder } from './bundleFolder.ts';
import { isFolder } from './sealed.ts';

/**
 * The proof of one record of a bundle, for a file of its own. The bundle is taken at its word: whoever gets the proof
 * verifies it.
 *
 * @param isClosed leave out what the record held, also where the key is there
 * @throws CustodyError USAGE where there is no such record; LOG_*, NOTE_* and BUNDLE_MALFORMED for what is no bundle
 */
export async function proofOf(dir: string, seq: number, isClosed: boolean): Promise<Uint8Array> {
  if (!isFolder(dir)) throw new CustodyError('USAGE', `${dir} is no folder of a bundle.`);
  const folder = new BundleFolder(dir);
  const checkpoint = await fileIn(folder, CHECKPOINT, MOST.note);
  const { size } = parseCheckpoint(parseNote(checkpoint).text);
  if (seq >= size) throw new CustodyError('USAGE', `The bundle has the records 0 to ${size - 1}, and no ${seq}.`);
  const index = Math.floor(seq / TILE_WIDTH);
  const tile: Tile = { level: 'entries', index, width: widthIn(size, 'entries', index) };
  const paths = [tilePath(tile), ...inclusionPaths(seq, size)];
  const files = filesFrom(await Promise.all(paths.map((path) => logFile(folder, path))));
  const hasher = hasherOver(nativeSha256);
  const leaf = entriesOf(tile, files)[seq % TILE_WIDTH]!;
  const opening = isClosed ? undefined : await openingOf(folder, seq);
  const hashes = inclusionProof(seq, size, nodesIn(size, files, hasher), hasher);
  return proofBytes({ index: seq, hashes, checkpoint, extra: extraOf(leaf, opening) });
}

/** Writes it to a file that is not there yet. @throws CustodyError USAGE */
export const writeProof = (path: string, proof: Uint8Array): Promise<void> =>
  writeFile(path, proof, { flag: 'wx' }).catch((error: Error) => {
    throw new CustodyError('USAGE', `The proof cannot be written: ${error.message}.`);
  });

async function logFile(folder: BundleFolder, path: string): Promise<LogFile> {
  return { path, bytes: await fileIn(folder, path, MOST.tile) };
}

async function fileIn(folder: BundleFolder, path: string, most: number): Promise<Uint8Array> {
  const bytes = await folder.get(path, most);
  if (bytes) return bytes;
  throw new CustodyError('LOG_INCOMPLETE', `${folder.dir} has no file ${path}.`);
}

/** Undefined: there is no key. */
async function openingOf(folder: BundleFolder, seq: number): Promise<Uint8Array | undefined> {
  const keys = await keysIn(folder);
  if (!keys) return undefined;
  const manifest = await fileIn(folder, MANIFEST, MOST.manifest);
  for (const path of parseManifest(parseNote(manifest, MOST.manifest).text).files.keys()) {
    const { first, count } = openingsIn(path) ?? { first: 0, count: 0 };
    if (seq < first || seq >= first + count) continue;
    const opened = await keys.open(path, await fileIn(folder, path, MOST.file));
    const list = opened && (canonicalIn(opened) as readonly Opening[] | undefined);
    if (Array.isArray(list) && list[seq - first]) return bytesOf(canonical(list[seq - first] as unknown as Json));
  }
  throw new CustodyError('BUNDLE_MALFORMED', `The contents of record ${seq} are not there, or the key is not theirs.`);
}
