import { stat } from 'node:fs/promises';
import { withReport } from '../../audit/report/verify.ts';
import { MOST_REPORT } from '../../audit/report/read.ts';
import type { Trust } from '../../audit/verify/bundle.ts';
import { verifyRecord } from '../../audit/verify/proof.ts';
import { type Verification, verify } from '../../audit/verify/verify.ts';
import { NOTE_BYTES } from '../../audit/tlog/note/note.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { BundleFolder, readPlain } from './bundleFolder.ts';

/**
 * Verifies what stands at a path: a bundle in a folder, or a file with the proof of one record.
 *
 * @param report file of a report in JSON, to be made again from the bundle
 * @throws CustodyError USAGE; EVIDENCE_REFUSED and EVIDENCE_TOO_LARGE for files that are not read
 */
export async function verifyAt(path: string, trust: Trust, report?: string): Promise<Verification> {
  const found = await stat(path).catch((error: Error) => {
    throw new CustodyError('USAGE', `There is no bundle and no proof: ${error.message}.`);
  });
  const said = report === undefined ? undefined : await readPlain(report, MOST_REPORT);
  if (report !== undefined && !(said && found.isDirectory()))
    throw new CustodyError('USAGE', 'A report is verified with the folder of its bundle, and both must be there.');
  if (found.isDirectory()) {
    const verification = await verify(new BundleFolder(path), trust);
    return said ? withReport(verification, said) : verification;
  }
  return verifyRecord((await readPlain(path, 2 * NOTE_BYTES)) ?? new Uint8Array(), trust);
}
