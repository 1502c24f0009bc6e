import { isObject } from '../../protocol/values/json.ts';
import { TRANSITIONS } from '../../session/lifecycle/states.ts';
import { decode } from '../history.ts';
import { type Checked, type Finding, finding, idOf } from './finding.ts';
import { inOrder, type ReadRun } from './records.ts';

/** Does each transition on record exist, and begin where the one before it ended? */
export function checkTransitions(runs: readonly ReadRun[]): Checked {
  const findings: Finding[] = [];
  let count = 0;
  let state: string | undefined;
  runs.forEach((run, index) => {
    // Without the run before, what it handed over says where this one begins.
    if (index === 0 || run.recovers !== null) state = beginningOf(run);
    for (const record of inOrder(run.records)) {
      if (record.kind !== 'transition') continue;
      count += 1;
      const { from, to } = record.data;
      const place = { run: run.runId, events: record.events, records: [record.n ?? 0] };
      if (!isLegal(from, to)) findings.push(finding('TRANSITION_ILLEGAL', { from: text(from), to: text(to) }, place));
      if (state !== undefined && from !== state)
        findings.push(finding('TRANSITION_GAP', { from: text(from), before: state }, place));
      state = text(to);
    }
    findings.push(...endOf(run, state));
  });
  return { name: 'transitions', counted: { transitions: count }, findings };
}

const text = (value: unknown): string => String(value).slice(0, 40);

function isLegal(from: string, to: string): boolean {
  const next: readonly string[] | undefined = Object.hasOwn(TRANSITIONS, from)
    ? TRANSITIONS[from as keyof typeof TRANSITIONS]
    : undefined;
  return next?.includes(to) ?? false;
}

/** Undefined where it cannot be known. */
function beginningOf({ carried, continues, recovers, records }: ReadRun): string | undefined {
  if (carried) return carried.state;
  if (continues !== null || recovers !== null) return undefined;
  const started = records.find((record) => record.kind === 'started');
  return started?.kind === 'started' && started.data.as === 'fork' ? 'RESUMING' : 'INIT';
}

/** The state in which the session says that it ended, which its workflow hands to whoever started it. */
function endOf({ runId: run, events }: ReadRun, state: string | undefined): readonly Finding[] {
  const last = events.at(-1);
  const completed = last?.workflowExecutionCompletedEventAttributes;
  const failed = last?.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo;
  const [view] = decode(completed ? completed.result : failed?.details);
  // A run that never became a session, or takes over another and cannot, ends without a view.
  if (state === undefined || !last || !isObject(view) || typeof view.state !== 'string') return [];
  const isAsSaid = view.state === state && (state === 'COMPLETED') === (completed !== undefined && completed !== null);
  if (isAsSaid) return [];
  const as = completed ? 'completed' : 'failed';
  return [finding('ENDING', { as, state, says: text(view.state) }, { run, events: [idOf(last)] })];
}
