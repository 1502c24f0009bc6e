import { bytesToHex } from '@noble/hashes/utils.js';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import { sessionKeys } from '../../../audit/seal/keys.ts';
import { manifestText, parseManifest, UNLISTED } from '../../../audit/seal/manifest.ts';
import { CHECKPOINT, MANIFEST, OPENINGS } from '../../../audit/seal/paths.ts';
import { checkpointText, parseCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { parseNote } from '../../../audit/tlog/note/note.ts';
import { signed } from '../../../audit/tlog/note/sign.ts';
import { append } from '../../../audit/tlog/tiles/append.ts';
import { checkLog } from '../../../audit/tlog/tiles/check.ts';
import { EMPTY_TREE, rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { problemOfPath } from '../../../protocol/evidence/path.ts';
import type { Files } from './mutations.ts';
import { KEY, SIGNER } from './sealed.ts';

/** What somebody does who has the keys: signs whatever stands in a bundle. */

/** Signs a list of the files as they are. */
export async function relisted(files: Files, origin: string): Promise<void> {
  const paths = [...files.keys()].filter((path) => !UNLISTED.includes(path) && problemOfPath(path) === undefined);
  const listed = new Map(paths.map((path) => [path, bytesToHex(nativeSha256(files.get(path)!))]));
  files.set(MANIFEST, await signed(manifestText(origin, listed), [SIGNER]));
}

/** Makes a log of entries, whatever they are, and signs it. */
export async function relogged(files: Files, origin: string, entries: readonly Uint8Array[]): Promise<void> {
  for (const path of files.keys()) if (path.startsWith('tile/')) files.delete(path);
  const { tree, files: tiles } = append(EMPTY_TREE, () => undefined, entries);
  for (const { path, bytes } of tiles) files.set(path, bytes);
  const text = checkpointText({ origin, size: tree.size, root: rootOf(tree) });
  files.set(CHECKPOINT, await signed(text, [SIGNER]));
  await relisted(files, origin);
}

/** Changes what is under the key of the session, and signs the list anew. */
export async function resealed(
  files: Files,
  origin: string,
  path: string,
  change: (content: Uint8Array) => Uint8Array,
): Promise<void> {
  const keys = await sessionKeys(KEY);
  const content = await keys.open(path, files.get(path)!);
  files.set(path, await keys.seal(path, change(content!)));
  await relisted(files, origin);
}

export const originIn = (files: Files): string => parseManifest(parseNote(files.get(MANIFEST)!).text).origin;

export const openingPaths = (files: Files): string[] => [...files.keys()].filter((path) => path.startsWith(OPENINGS));

/** The entries of the log of a sound bundle. */
export function entriesOfLog(files: Files): Uint8Array[] {
  const { size } = parseCheckpoint(parseNote(files.get(CHECKPOINT)!).text);
  const entries: Uint8Array[] = [];
  checkLog(size, (path) => files.get(path), { onEntry: (entry) => void entries.push(Uint8Array.from(entry)) });
  return entries;
}
