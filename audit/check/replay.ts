import { type Checked, type Finding, finding, type GivenRun } from './finding.ts';

/** What came of replaying a run under the workflow of the build that made it. */
export type Replayed = { readonly ok: true } | { readonly differs: string } | { readonly skipped: string };

/** Replays a run: a worker's business, and none of this folder. */
export type Replay = (run: GivenRun, session: string) => Promise<Replayed>;

/** Does the workflow do what each run says that it did? @param replay absent where no worker is installed */
export async function checkReplay(runs: readonly GivenRun[], session: string, replay?: Replay): Promise<Checked> {
  const findings: Finding[] = [];
  let replayed = 0;
  for (const run of runs) {
    const place = { run: run.runId };
    const said = (await replay?.(run, session)) ?? { skipped: 'no worker is installed here' };
    if ('skipped' in said) findings.push(finding('REPLAY_NOT_CHECKED', { why: said.skipped }, place));
    else {
      replayed += 1;
      if ('differs' in said) findings.push(finding('REPLAY_DIFFERS', { why: said.differs.slice(0, 500) }, place));
    }
  }
  return { name: 'replay', counted: { replayed }, findings };
}
