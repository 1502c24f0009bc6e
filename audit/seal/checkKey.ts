import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import { FILE_BYTES } from './copy.ts';
import { type Held, type Log, torn } from './log.ts';
import { openingsIn, OPENINGS } from './paths.ts';

/**
 * Is the key of a session that with which its last records were sealed? A log that goes on with another can never be
 * opened as a whole.
 *
 * @throws CustodyError EVIDENCE_KEY_DIFFERS; BUNDLE_TORN; EVIDENCE_ERASED where the key is no more
 */
export async function checkKey({ store, keys, origin, sha256 }: Log, { files }: Pick<Held, 'files'>): Promise<void> {
  let last: { readonly path: string; readonly first: number } | undefined;
  for (const path of files.keys()) {
    if (!path.startsWith(OPENINGS)) continue;
    const { first } = openingsIn(path) ?? { first: -1 };
    if (first > (last?.first ?? -1)) last = { path, first };
  }
  if (!last) return;
  keys.salt(0);
  const sealed = await store.get(last.path, FILE_BYTES);
  if (!sealed || bytesToHex(sha256(sealed)) !== files.get(last.path)) throw torn(last.path);
  if (await keys.open(last.path, sealed)) return;
  throw new CustodyError(
    'EVIDENCE_KEY_DIFFERS',
    `The key of ${origin} in the folder of keys here does not open ${last.path}: it was sealed with another.`,
  );
}
