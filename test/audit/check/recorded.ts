import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkSession, type CheckTerms, type Completeness } from '../../../audit/check/check.ts';
import { runInFile } from '../../../audit/check/file.ts';
import type { Finding, GivenRun } from '../../../audit/check/finding.ts';

const folder = fileURLToPath(new URL('../../replay/histories/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Names of the sessions of which there are recorded histories. */
export const RECORDED = [...new Set(files.map((file) => file.split('.')[0]!))].sort();

/** The runs of a recorded session, read anew: a test may change them. */
export const runsOf = (name: string): Promise<GivenRun[]> =>
  Promise.all(
    files
      .filter((file) => file.startsWith(`${name}.run`))
      .sort()
      .map((file) => runInFile(file, readFileSync(folder + file, 'utf8'))),
  );

export const check = (runs: readonly GivenRun[], terms: Partial<CheckTerms> = {}): Promise<Completeness> =>
  checkSession(runs, { namespace: 'default', ...terms });

export const findingsIn = ({ checks }: Completeness): readonly Finding[] => checks.flatMap(({ findings }) => findings);

/** What is broken or missing. */
export const faultsIn = (checked: Completeness): readonly Finding[] =>
  findingsIn(checked).filter(({ severity }) => severity !== 'note');

export const codesIn = (checked: Completeness): readonly string[] => faultsIn(checked).map(({ code }) => code);
