import { areFound, type Case, holds } from './cases.ts';
import { attemptOf, edited, withId, withValue } from '../edit.ts';

const RUNS: readonly Case[] = [
  ['RUN_MISSING', 'a run of the chain is gone', 'undo', (runs) => runs.toSpliced(2, 1)],
  ['RUN_MISSING', 'the last run is gone', 'undo', (runs) => runs.slice(0, -1)],
  ['RUN_MISSING', 'the run that was reset is gone', 'reset', (runs) => runs.slice(1)],
  [
    'RUN_LINK',
    'a run is said to go on as another',
    'undo',
    (runs) =>
      edited(
        runs,
        holds('workflowExecutionContinuedAsNewEventAttributes'),
        (end) => (end.newExecutionRunId = runs[3]!.runId),
      ),
  ],
  [
    'RUN_LINK',
    'a run is of another chain',
    'undo',
    (runs) => edited(runs.slice().reverse(), withId(1), (start) => (start.firstExecutionRunId = 'other')),
  ],
  ['RUN_LINK', 'a run was given twice', 'plan', ([run]) => [run!, run!]],
  [
    'RUN_FOREIGN',
    'a run is of another session',
    'undo',
    (runs) => edited(runs, withId(1), (start) => (start.workflowId = 'other')),
  ],
  [
    'RESET_COPY',
    'what a reset copied was changed',
    'reset',
    (runs) => withValue(runs, attemptOf('a'), (intent) => (intent.args = {})),
  ],
];

areFound(RUNS);
