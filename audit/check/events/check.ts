import type { Checked, GivenRun } from '../finding.ts';
import { checkEnds } from './ends.ts';
import { typed } from './kinds.ts';
import { checkLeftOpen } from './open.ts';
import { checkOrder } from './order.ts';
import { checkReferences } from './references.ts';
import { checkSequences } from './sequences.ts';
import { checkTasks } from './tasks.ts';
import { checkTimes } from './times.ts';

/** Are the events of each run whole and in order? @param openRun the run that is told to be open */
export function checkEvents(runs: readonly GivenRun[], openRun: string | undefined): Checked {
  const findings = runs.flatMap((run) => {
    const { runId } = run;
    const { known, findings: kinds } = typed(run);
    return [
      ...checkOrder(run),
      ...kinds,
      ...checkEnds(runId, known, runId === openRun),
      ...checkReferences(runId, known),
      ...checkTasks(runId, known),
      ...checkLeftOpen(runId, known),
      ...checkSequences(runId, known),
      ...checkTimes(runId, known),
    ];
  });
  const events = runs.reduce((sum, run) => sum + run.events.length, 0);
  return { name: 'events', counted: { events, runs: runs.length }, findings };
}
