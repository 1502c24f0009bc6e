import { stat } from 'node:fs/promises';
import type { Trust } from '../../audit/verify/bundle.ts';
import { verifyRecord } from '../../audit/verify/proof.ts';
import { type Verification, verify } from '../../audit/verify/verify.ts';
import { NOTE_BYTES } from '../../audit/tlog/note/note.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { BundleFolder, readPlain } from './bundleFolder.ts';

/** Verifies what stands at a path: a bundle in a folder, or a file with the proof of one record. */
export async function verifyAt(path: string, trust: Trust): Promise<Verification> {
  const found = await stat(path).catch((error: Error) => {
    throw new CustodyError('USAGE', `There is no bundle and no proof: ${error.message}.`);
  });
  if (found.isDirectory()) return verify(new BundleFolder(path), trust);
  return verifyRecord((await readPlain(path, 2 * NOTE_BYTES)) ?? new Uint8Array(), trust);
}
