import type { ApprovalAsked } from '../protocol/calls/asked.ts';
import type { Intent } from '../protocol/calls/call.ts';
import type { PolicyDocument } from '../protocol/calls/policy.ts';
import { isObject } from '../protocol/values/json.ts';
import { isRef, type Ref } from '../protocol/values/payload.ts';
import { decode, type HistoryEvent } from './history.ts';

/** Rules as history has them: in full, or by reference. */
export type RulesInHistory = { readonly document: PolicyDocument } | { readonly ref: Ref };

/** Finds what persons were asked about one call, and the rules of a session by hash, in the events of its history. */
export class AskedApprovals {
  readonly #callId: string;
  readonly #names = new Map<string, string>();
  readonly #intents = new Map<string, Intent>();
  readonly #rules = new Map<string, RulesInHistory>();
  #last: { readonly intent: Intent; readonly asks: ApprovalAsked } | undefined;

  constructor(callId: string) {
    this.#callId = callId;
  }

  read(event: HistoryEvent): void {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const [input] = decode(scheduled.input);
      const name = scheduled.activityType?.name ?? '';
      this.#names.set(String(event.eventId), name);
      if (name === 'callTool' && isObject(input) && input.callId === this.#callId)
        this.#intents.set(String(event.eventId), input as unknown as Intent);
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && this.#names.get(String(completed.scheduledEventId)) === 'loadProfile')
      this.#loaded(decode(completed.result)[0]);
    const failed = event.activityTaskFailedEventAttributes;
    const intent = this.#intents.get(String(failed?.scheduledEventId));
    const [outcome] = intent ? decode(failed?.failure?.applicationFailureInfo?.details) : [];
    if (intent && isObject(outcome) && outcome.kind === 'needs_approval' && isObject(outcome.asks))
      this.#last = { intent, asks: outcome.asks as unknown as ApprovalAsked };
  }

  /** The last attempt that persons were asked about; undefined where the events tell of none. */
  get last(): { readonly intent: Intent; readonly asks: ApprovalAsked } | undefined {
    return this.#last;
  }

  rules(hash: string): RulesInHistory | undefined {
    return this.#rules.get(hash);
  }

  #loaded(result: unknown): void {
    const policy = isObject(result) ? result.policy : undefined;
    if (!isObject(policy) || typeof policy.hash !== 'string') return;
    if (isRef(policy.ref)) this.#rules.set(policy.hash, { ref: policy.ref });
    else if (isObject(policy.document))
      this.#rules.set(policy.hash, { document: policy.document as unknown as PolicyDocument });
  }
}
