import type { AttemptOutcome, Intent } from '../protocol/calls/call.ts';
import type { PolicyDecision, PolicyDocument } from '../protocol/calls/policy.ts';
import { isObject } from '../protocol/values/json.ts';
import { isRef, type Ref } from '../protocol/values/payload.ts';
import { decode, type HistoryEvent, instantOf } from './history.ts';

/** One attempt of a call, with what rules said of it, as the history has both. */
export interface DecidedAttempt {
  readonly runId: string;
  /** Of the event that holds the intent. */
  readonly eventId: number;
  /** ISO 8601, of that event. */
  readonly at: string;
  readonly intent: Intent;
  /** How it ended; null while it has not, and where nobody knows. */
  readonly ended: AttemptOutcome['kind'] | null;
  /** Null where none is on record: the session has no rules, or the attempt did not get that far. */
  readonly decision: PolicyDecision | null;
}

/** Ends of an attempt that got as far as its decision. */
const DECIDED: readonly DecidedAttempt['ended'][] = [
  'succeeded',
  'tool_error',
  'input_required',
  'failed',
  'denied',
  'needs_approval',
];

/** Did an attempt get as far as its decision? */
export const wasDecided = ({ ended }: DecidedAttempt): boolean => DECIDED.includes(ended);

/** Rules that a session pinned: in its history, or outside where they are long. */
export type RecordedRules = { readonly document: PolicyDocument } | { readonly ref: Ref };

/** Finds attempts and their decisions in the events of a history, in order; of any number of runs. */
export class DecisionReader {
  readonly #attempts = new Map<string, DecidedAttempt>();
  readonly #rules = new Map<string, RecordedRules>();
  /** Activities that ask what became of an attempt, by their event. */
  readonly #recalls = new Map<string, string>();

  read(runId: string, event: HistoryEvent): void {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) return this.#scheduled(runId, event);
    const done = event.activityTaskCompletedEventAttributes;
    if (done) {
      const [result] = decode(done.result);
      this.#keepRules(result);
      this.#ended(runId, done.scheduledEventId, result);
    }
    const failed = event.activityTaskFailedEventAttributes;
    if (failed) this.#ended(runId, failed.scheduledEventId, decode(failed.failure?.applicationFailureInfo?.details)[0]);
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const beats = timedOut?.failure?.timeoutFailureInfo?.lastHeartbeatDetails;
    if (timedOut) this.#ended(runId, timedOut.scheduledEventId, decode(beats)[0]);
    const canceled = event.activityTaskCanceledEventAttributes;
    if (canceled) this.#ended(runId, canceled.scheduledEventId, decode(canceled.details)[0]);
  }

  /** In the order of their intents. */
  get attempts(): readonly DecidedAttempt[] {
    return [...this.#attempts.values()];
  }

  /** By the hash that the session names them by: whether it is theirs is for the reader to see. */
  get rules(): ReadonlyMap<string, RecordedRules> {
    return this.#rules;
  }

  #scheduled(runId: string, event: HistoryEvent): void {
    const { activityType, input } = event.activityTaskScheduledEventAttributes ?? {};
    const [given] = decode(input);
    if (!isObject(given) || typeof given.callId !== 'string') return;
    const key = keyOf(runId, event.eventId);
    if (activityType?.name === 'recallOutcome') this.#recalls.set(key, attemptKey(given));
    if (activityType?.name !== 'callTool') return;
    this.#attempts.set(key, {
      runId,
      eventId: Number(event.eventId),
      at: new Date(instantOf(event.eventTime)).toISOString(),
      intent: given as unknown as Intent,
      ended: null,
      decision: null,
    });
  }

  #ended(runId: string, scheduledEventId: unknown, value: unknown): void {
    const key = keyOf(runId, scheduledEventId);
    const recalled = this.#recalls.get(key);
    if (recalled === undefined) return this.#settle(key, value);
    const asked = [...this.#attempts].findLast(([, { intent }]) => attemptKey(intent) === recalled)?.[0];
    if (asked !== undefined && isObject(value)) this.#settle(asked, value.outcome);
  }

  /** By an outcome, or by the sending mark of an attempt that fell silent. */
  #settle(key: string, value: unknown): void {
    const attempt = this.#attempts.get(key);
    if (!attempt || !isObject(value)) return;
    const decision = isDecision(value.decision) ? value.decision : attempt.decision;
    const ended = typeof value.kind === 'string' ? (value.kind as AttemptOutcome['kind']) : attempt.ended;
    this.#attempts.set(key, { ...attempt, ended, decision });
  }

  #keepRules(result: unknown): void {
    const policy = isObject(result) ? result.policy : undefined;
    if (!isObject(policy) || typeof policy.hash !== 'string') return;
    if (isRef(policy.ref)) this.#rules.set(policy.hash, { ref: policy.ref });
    else if (isDocument(policy.document)) this.#rules.set(policy.hash, { document: policy.document });
  }
}

const keyOf = (runId: string, eventId: unknown): string => `${runId}/${String(eventId)}`;

const attemptKey = ({ callId, attempt }: { readonly callId?: unknown; readonly attempt?: unknown }): string =>
  `${String(callId)} ${String(attempt)}`;

const isDecision = (value: unknown): value is PolicyDecision =>
  isObject(value) &&
  ['allow', 'deny', 'needs_approval'].includes(String(value.verdict)) &&
  Array.isArray(value.rules) &&
  typeof value.engine === 'string';

const isDocument = (value: unknown): value is PolicyDocument =>
  isObject(value) &&
  (value.default === 'allow' || value.default === 'deny') &&
  (value.mode === 'enforce' || value.mode === 'log-only') &&
  Array.isArray(value.files) &&
  value.files.every((file) => isObject(file) && typeof file.name === 'string' && typeof file.text === 'string');
