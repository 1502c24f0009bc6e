import { runInFile } from '../../audit/check/file.ts';
import type { GivenRun } from '../../audit/check/finding.ts';
import type { Values } from '../../audit/read/values.ts';
import { historyPath } from '../../audit/seal/paths.ts';
import { MOST } from '../../audit/verify/bundle.ts';
import { keysIn } from '../../audit/verify/openings.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { BundleFolder } from './bundleFolder.ts';
import { valuesIn } from './bundleValues.ts';
import { sealedIn } from './sealed.ts';

/** What a bundle has of the histories of its session. */
export interface BundleRuns {
  readonly runs: readonly GivenRun[];
  readonly values: Values;
  /** Of Temporal. */
  readonly namespace: string;
}

/**
 * The runs of which a bundle has the raw history, once it is verified: those that were over when it was sealed.
 *
 * @param trust keys that it is verified with
 * @throws CustodyError USAGE, BUNDLE_MALFORMED, EVIDENCE_ERASED; EVIDENCE_MISSING where it has none
 */
export async function runsInBundle(dir: string, trust: readonly string[] | undefined): Promise<BundleRuns> {
  const { records, checkpoint } = await sealedIn(dir, trust);
  const folder = new BundleFolder(dir);
  const keys = await keysIn(folder);
  const runs: GivenRun[] = [];
  for (const run of new Set(records.flatMap((record) => record?.run ?? []))) {
    const path = historyPath(run);
    const sealed = await folder.get(path, MOST.file);
    const history = sealed && (await keys?.open(path, sealed));
    if (history) runs.push(await runInFile(path, new TextDecoder().decode(history)));
  }
  if (runs.length === 0)
    throw new CustodyError('EVIDENCE_MISSING', `${dir} has no raw history: no run was over when it was sealed.`);
  const [, namespace = ''] = checkpoint?.origin.split('/') ?? [];
  return { runs, values: valuesIn(folder, keys), namespace: decodeURIComponent(namespace) };
}
