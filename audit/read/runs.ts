import { isObject, type Json } from '../../protocol/values/json.ts';
import type { HistoryEvent } from '../history.ts';
import type { Said } from './said.ts';

/** A run of a session, as far as it is. */
export interface ReadRun {
  readonly run: string;
  /** Those that were not known. */
  readonly events: readonly HistoryEvent[];
  /** Events before this one are a copy of those of the run before; of a run none of whose events was known. */
  readonly point: number;
  /** Did the session end with it? */
  readonly isOver: boolean;
  /** The run that goes on from it. */
  readonly next: string | undefined;
  /** What `temporal workflow show --output json` prints of it. */
  raw(): Promise<Uint8Array>;
}

/** With what a run began, from its input: that of a session, a fork, a recovery or the next run. */
export function startedIn(input: unknown): Said {
  if (isObject(input) && isObject(input.carried))
    return { layer: 'session', kind: 'continued', data: { runs: Number(input.carried.runs) } };
  const [as, by] = beginningOf(input);
  return { layer: 'session', kind: 'started', data: { as, input: input as Json }, by };
}

function beginningOf(input: unknown): readonly ['session' | 'fork' | 'recovery' | 'invalid', string | null] {
  if (!isObject(input)) return ['invalid', null];
  if (isObject(input.fork)) return ['fork', actorIn(input.fork.by)];
  if (isObject(input.recover)) return ['recovery', actorIn(input.recover.by)];
  return ['session', actorIn(input.by)];
}

const actorIn = (by: unknown): string | null => (isObject(by) && typeof by.actor === 'string' ? by.actor : null);

/** How a run ended; undefined for other events, and where the next run goes on. */
export function endedIn(event: HistoryEvent): Said | undefined {
  if (event.workflowExecutionCompletedEventAttributes) return ended('completed');
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const { applicationFailureInfo: info, message } = failed.failure ?? {};
    return ended('failed', info?.type ?? 'FAILED', message ?? '');
  }
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return { ...ended('terminated', null, terminated.reason ?? ''), by: terminated.identity ?? null };
  if (event.workflowExecutionTimedOutEventAttributes) return ended('timed-out');
  if (event.workflowExecutionCanceledEventAttributes) return ended('canceled');
  return undefined;
}

const ended = (
  as: 'completed' | 'failed' | 'terminated' | 'timed-out' | 'canceled',
  code: string | null = null,
  message: string | null = null,
): Said => ({ layer: 'session', kind: 'ended', data: { as, code, message } });

/** Somebody cancelled the session in Temporal. */
export function canceledIn(event: HistoryEvent): Said | undefined {
  const asked = event.workflowExecutionCancelRequestedEventAttributes;
  if (!asked) return undefined;
  const data = { name: 'cancel', via: 'temporal', input: null } as const;
  return { layer: 'session', kind: 'command', data, by: asked.identity ?? null };
}
