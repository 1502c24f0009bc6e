import { type AttemptOutcome, type Intent, nameOf } from '../../protocol/calls/call.ts';
import { isVerdict, type Verdict } from '../../protocol/identity/proof.ts';
import { isObject, type Json } from '../../protocol/values/json.ts';
import { decode, type HistoryEvent } from '../history.ts';
import type { AuditKinds } from './record.ts';
import type { Said } from './said.ts';

/** An activity that was scheduled, as far as records tell of it. */
interface Activity {
  readonly type: string;
  readonly input: unknown;
  readonly event: number;
  /** Event and process that took it, of the last try. */
  taken?: { readonly event: number; readonly by: string };
}

/** Reads what activities were asked and answered. Those that only serve the session leave nothing. */
export class ActivityReader {
  readonly #activities = new Map<string, Activity>();

  /** Undefined where the event is none of an activity. */
  read(event: HistoryEvent): readonly Said[] | undefined {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) return this.#scheduled(event, scheduled.activityType?.name ?? '', decode(scheduled.input)[0]);
    const started = event.activityTaskStartedEventAttributes;
    if (started) {
      const activity = this.#activities.get(String(started.scheduledEventId));
      if (activity) activity.taken = { event: Number(event.eventId), by: started.identity ?? '' };
      return [];
    }
    const done = event.activityTaskCompletedEventAttributes;
    if (done) return this.#over(done.scheduledEventId, decode(done.result)[0]);
    const failed = event.activityTaskFailedEventAttributes;
    if (failed) {
      const { applicationFailureInfo: info, message } = failed.failure ?? {};
      return this.#over(failed.scheduledEventId, decode(info?.details)[0], 'failed', message);
    }
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (timedOut) {
      const { timeoutFailureInfo: info, message } = timedOut.failure ?? {};
      return this.#over(timedOut.scheduledEventId, decode(info?.lastHeartbeatDetails)[0], 'timed-out', message);
    }
    const canceled = event.activityTaskCanceledEventAttributes;
    if (canceled) return this.#over(canceled.scheduledEventId, decode(canceled.details)[0], 'canceled');
    return undefined;
  }

  #scheduled(event: HistoryEvent, type: string, input: unknown): readonly Said[] {
    const at = Number(event.eventId);
    if (TOLD[type]) this.#activities.set(String(event.eventId), { type, input, event: at });
    if (type !== 'callTool' || !isIntent(input)) return [];
    const { callId: call, actor: by, record: n } = input;
    return [{ layer: 'execution', kind: 'attempt', data: silent(input), by, call, n }];
  }

  #over(
    scheduledEventId: unknown,
    value: unknown,
    as?: 'failed' | 'timed-out' | 'canceled',
    message?: string | null,
  ): readonly Said[] {
    const activity = this.#activities.get(String(scheduledEventId));
    if (!activity) return [];
    this.#activities.delete(String(scheduledEventId));
    const on = [activity.event, ...(activity.taken ? [activity.taken.event] : [])];
    const lost = as === undefined ? null : { as, message: message ?? null };
    return (TOLD[activity.type]?.(activity, value, lost) ?? []).map((said) => ({ ...said, on }));
  }
}

type Lost = AuditKinds['outcome']['lost'];
type Tell = (activity: Activity, value: unknown, lost: Lost) => readonly Said[];

const TOLD: { readonly [type: string]: Tell } = {
  callTool({ input, taken }, value, lost) {
    if (!isIntent(input)) return [];
    const { callId: call, attempt } = input;
    const outcome = outcomeIn(value);
    const mark =
      outcome || lost?.as !== 'timed-out' ? null : (((isObject(value) ? silent(value) : value) ?? null) as Json);
    const data = {
      name: nameOf(input),
      attempt,
      outcome,
      lost: outcome ? null : lost,
      mark,
      worker: taken?.by ?? null,
    };
    return [{ layer: 'execution', kind: 'outcome', data, call }];
  },
  recallOutcome({ input }, value) {
    if (!isObject(input) || typeof input.callId !== 'string') return [];
    const outcome = isObject(value) ? outcomeIn(value.outcome) : null;
    const data = { attempt: Number(input.attempt), isAnswered: isObject(value), outcome };
    return [{ layer: 'execution', kind: 'recall', data, call: input.callId }];
  },
  proveActor({ input }, value) {
    const by = isObject(input) && typeof input.actor === 'string' ? input.actor : null;
    const said: Verdict | null = isVerdict(value) ? value : null;
    const data = { check: (input ?? null) as Json, said: said as Json };
    return [{ layer: 'compliance', kind: 'proof', data, by, ...(said?.ok ? { proof: said.proven } : {}) }];
  },
  loadProfile({ input }, value, lost) {
    if (lost || !isObject(value)) return [];
    const profile = isObject(input) ? String(input.profile) : '';
    return [{ layer: 'compliance', kind: 'pinned', data: { profile, loaded: value as Json } }];
  },
  openServer({ input }, value, lost) {
    if (lost || !isObject(value) || !isObject(value.pin)) return [];
    const data = { server: isObject(input) ? String(input.server) : '', opened: value as Json };
    return [{ layer: 'session', kind: 'opened', data }];
  },
};

const isIntent = (input: unknown): input is Intent => isObject(input) && typeof input.callId === 'string';

const outcomeIn = (value: unknown): AttemptOutcome | null =>
  isObject(value) && typeof value.kind === 'string' ? (silent(value) as unknown as AttemptOutcome) : null;

/** What servers say while a call runs, and who wants to hear it, is passed on, and not on record. */
function silent<T extends object>(value: T): T {
  const { said: _, hears: __, ...rest } = value as T & { readonly said?: unknown; readonly hears?: unknown };
  return rest as T;
}
