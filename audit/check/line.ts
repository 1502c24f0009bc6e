import { isObject } from '../../protocol/values/json.ts';
import { decode, type HistoryEvent, instantOf } from '../history.ts';
import { resetIn } from '../read/reset.ts';
import { type GivenRun, idOf } from './finding.ts';

/** A run with how it follows another, from its own events. */
export interface LinkedRun extends GivenRun {
  readonly session: string;
  readonly type: string;
  /** First run of its chain, by its own word. */
  readonly first: string;
  /** The run that continued as this one. */
  readonly continues: string | null;
  /** The run that it took its state over from. */
  readonly recovers: string | null;
  /** The run that it is a copy of, and the first event in which it differs. */
  readonly reset: { readonly base: string; readonly at: number } | null;
  /** What a run before handed over. */
  readonly carried: { readonly record: number; readonly state: string; readonly session: unknown } | null;
  /** The run that it says goes on after it. */
  readonly next: string | null;
}

/**
 * The runs that made the session what it is now, the first one first; and those beside them: what resets and recoveries
 * left behind.
 */
export interface Line {
  readonly runs: readonly LinkedRun[];
  readonly beside: readonly LinkedRun[];
}

export function lineOf(given: readonly GivenRun[]): Line {
  const linked = given.map(linkedRun).sort((a, b) => beganAt(a) - beganAt(b));
  const byId = new Map(linked.map((run) => [run.runId, run]));
  const runs: LinkedRun[] = [];
  for (let run = linked.at(-1); run && !runs.includes(run);) {
    runs.unshift(run);
    run = byId.get(run.continues ?? run.recovers ?? '');
  }
  return { runs, beside: linked.filter((run) => !runs.includes(run)) };
}

/** When that began in a run which is its own: after what a reset copied. */
function beganAt({ events, reset }: LinkedRun): number {
  const event = reset ? events.find((each) => idOf(each) >= reset.at) : events[0];
  return event ? instantOf(event.eventTime) : 0;
}

function linkedRun({ runId, events }: GivenRun): LinkedRun {
  const started = events.find((event) => event.workflowExecutionStartedEventAttributes);
  const attributes = started?.workflowExecutionStartedEventAttributes;
  const [input] = decode(attributes?.input);
  const taken = isObject(input) && 'recover' in input ? handedOver(events) : undefined;
  const forked = isObject(input) && 'fork' in input ? handedOver(events) : undefined;
  const last = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
  const reset = resetIn(events);
  return {
    runId,
    events,
    session: attributes?.workflowId ?? '',
    type: attributes?.workflowType?.name ?? '',
    first: attributes?.firstExecutionRunId ?? '',
    continues: attributes?.continuedExecutionRunId || null,
    recovers: taken?.runId ?? null,
    reset: reset ? { base: reset.base, at: reset.point } : null,
    carried: carriedIn(taken?.carried ?? (isObject(input) && !forked ? input.carried : undefined)),
    next: last?.newExecutionRunId || null,
  };
}

/** The state that a worker read for a run that takes another over: the result of its first activity. */
function handedOver(
  events: readonly HistoryEvent[],
): { readonly runId: string; readonly carried: unknown } | undefined {
  const done = events.find((event) => event.activityTaskCompletedEventAttributes);
  const [result] = decode(done?.activityTaskCompletedEventAttributes?.result);
  return isObject(result) && typeof result.runId === 'string'
    ? { runId: result.runId, carried: result.carried }
    : undefined;
}

function carriedIn(value: unknown): LinkedRun['carried'] {
  if (!isObject(value) || !isObject(value.session) || typeof value.record !== 'number') return null;
  const { state } = value.session;
  const name = isObject(state) && typeof state.name === 'string' ? state.name : '';
  return { record: value.record, state: name, session: value.session };
}
