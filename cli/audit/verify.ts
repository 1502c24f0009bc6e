import { stat } from 'node:fs/promises';
import { type ReportVerification, verifyReport, withReport } from '../../audit/report/verify.ts';
import { MOST_REPORT } from '../../audit/report/read.ts';
import { asListed, type Trust } from '../../audit/verify/bundle.ts';
import { verifyRecord } from '../../audit/verify/proof.ts';
import { type Verification, verify } from '../../audit/verify/verify.ts';
import { NOTE_BYTES } from '../../audit/tlog/note/note.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { BundleFolder, readPlain } from './bundleFolder.ts';

/** What is verified beside what stands at a path. */
export interface Beside {
  /** File of a report in JSON, to be made again. */
  readonly report?: string | undefined;
  /** The folder is that of an archive: what is not listed counts for nothing. */
  readonly isArchive?: boolean | undefined;
}

/**
 * Verifies what stands at a path: a bundle in a folder, or a file with the proof of one record.
 * @throws CustodyError USAGE; EVIDENCE_REFUSED and EVIDENCE_TOO_LARGE for files that are not read
 */
export async function verifyAt(path: string, trust: Trust, beside: Beside = {}): Promise<Verification> {
  const isFolder = await isFolderAt(path);
  const report = await reportAt(beside, isFolder);
  if (!isFolder) return verifyRecord((await readPlain(path, 2 * NOTE_BYTES)) ?? new Uint8Array(), trust);
  const verification = await verifyFolder(path, trust, beside);
  return report ? withReport(verification, report) : verification;
}

/** Several bundles, and the report that is made from all of them. */
export interface Verified {
  readonly bundles: readonly Verification[];
  readonly report?: ReportVerification;
}

/** Verifies bundles in folders, each for itself, and a report of them all. @throws CustodyError as `verifyAt` */
export async function verifyAll(paths: readonly string[], trust: Trust, beside: Beside): Promise<Verified> {
  for (const path of paths)
    if (!(await isFolderAt(path))) throw new CustodyError('USAGE', `${path} is no folder of a bundle.`);
  const report = await reportAt(beside, true);
  const bundles: Verification[] = [];
  for (const path of paths) bundles.push(await verifyFolder(path, trust, beside));
  const origins = bundles.flatMap(({ log }) => log?.origin ?? []);
  if (new Set(origins).size < origins.length) throw new CustodyError('USAGE', 'Two of these bundles are of one log.');
  return { bundles, ...(report && { report: verifyReport(bundles, report) }) };
}

const verifyFolder = (path: string, trust: Trust, { isArchive }: Beside): Promise<Verification> => {
  const folder = new BundleFolder(path);
  return verify(isArchive ? asListed(folder) : folder, trust);
};

async function isFolderAt(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: Error) => {
    throw new CustodyError('USAGE', `There is no bundle and no proof: ${error.message}.`);
  });
  return found.isDirectory();
}

async function reportAt({ report }: Beside, isOfFolder: boolean): Promise<Uint8Array | undefined> {
  if (report === undefined) return undefined;
  const bytes = await readPlain(report, MOST_REPORT);
  if (bytes && isOfFolder) return bytes;
  throw new CustodyError('USAGE', 'A report is verified with the folder of its bundle, and both must be there.');
}
