import { type DecidedAttempt, type RecordedRules, wasDecided } from '../audit/decisions.ts';
import type { Intent } from '../protocol/calls/call.ts';
import { isGranted } from '../protocol/calls/grant.ts';
import type { PolicyDecision, PolicyDocument } from '../protocol/calls/policy.ts';
import type { Compensation } from '../protocol/calls/undo.ts';
import { canonical } from '../protocol/values/digest.ts';
import { isObject, type Json, type JsonObject } from '../protocol/values/json.ts';
import type { PayloadStore } from '../protocol/values/payload.ts';
import { directEngine } from './engine/direct.ts';
import type { Engine } from './engine/engine.ts';
import { Policy, policyHash } from './policy.ts';
import { type PolicyQuestion, questionOf } from './request.ts';

/** A recorded attempt, decided once more. */
export type Again =
  /** `then` is null where it was made and no decision of it is on record. */
  | {
      readonly isSame: boolean;
      readonly then: PolicyDecision | null;
      readonly now: PolicyDecision;
      readonly question: PolicyQuestion;
    }
  /** Why it was not decided once more. */
  | { readonly skipped: string };

/** The rules that a session pinned, as its history has them, to decide its calls once more. Works offline. */
export class RecordedPolicies {
  readonly #rules: ReadonlyMap<string, RecordedRules>;
  readonly #payloads: Pick<PayloadStore, 'get'>;
  readonly #engine: Engine;
  readonly #loaded = new Map<string, Promise<Policy | string>>();

  /** @param payloads where rules and arguments are that are too large for history */
  constructor(
    rules: ReadonlyMap<string, RecordedRules>,
    payloads: Pick<PayloadStore, 'get'>,
    engine: Engine = directEngine(),
  ) {
    this.#rules = rules;
    this.#payloads = payloads;
    this.#engine = engine;
  }

  /** The set with a hash; else why it cannot be had. */
  policy(hash: string): Promise<Policy | string> {
    const known = this.#loaded.get(hash) ?? this.#load(hash).catch((error: unknown) => String(error));
    this.#loaded.set(hash, known);
    return known;
  }

  /**
   * Decides an attempt once more, by the rules that it was decided by.
   * @param other instead by these
   */
  async decide(attempt: DecidedAttempt, other?: Policy): Promise<Again> {
    const { intent, decision } = attempt;
    const why = whySkipped(attempt);
    if (intent.policy === undefined || why !== undefined) return { skipped: why ?? NO_RULES };
    const policy = other ?? (await this.policy(intent.policy.set));
    if (typeof policy === 'string') return { skipped: policy };
    const called = await calledBy(intent, this.#payloads).catch((error: unknown) => String(error));
    if (typeof called === 'string') return { skipped: called };
    const question = questionOf(intent, intent.policy, called, isGranted(intent, called.args));
    const now = await policy.decide(question);
    return { isSame: decision !== null && isSame(decision, now), then: decision, now, question };
  }

  async #load(hash: string): Promise<Policy | string> {
    const recorded = this.#rules.get(hash);
    if (!recorded) return `the rules ${hash.slice(0, 12)} stand nowhere in what was read of the history`;
    const document = 'document' in recorded ? recorded.document : await this.#payloads.get(recorded.ref);
    if (policyHash(document as unknown as PolicyDocument) !== hash)
      return `the rules on record have not the hash ${hash.slice(0, 12)} that the session names them by`;
    const loaded = await Policy.load(document as unknown as PolicyDocument, this.#engine);
    return loaded.problems ? `the rules ${hash.slice(0, 12)} cannot be read any more` : loaded.policy;
  }
}

const NO_RULES = 'the session has no rules';

function whySkipped(attempt: DecidedAttempt): string | undefined {
  const { intent, decision, ended } = attempt;
  if (intent.policy === undefined) return NO_RULES;
  if (intent.continues?.held) return 'it goes on with a request that was decided when it was sent';
  if (decision !== null || wasDecided(attempt)) return undefined;
  return ended === 'not_sent' ? 'it was not sent, and not decided' : 'no decision of it came back';
}

/** What an attempt sends. @throws CustodyError PAYLOAD_MISSING, PAYLOAD_CORRUPT, STORE_UNAVAILABLE */
export async function calledBy(
  { tool, args, argsRef, compensates, undo }: Intent,
  payloads: Pick<PayloadStore, 'get'>,
): Promise<{ readonly tool: string; readonly args: JsonObject }> {
  if (compensates !== undefined && undo && !('impossible' in undo)) {
    const { args: own } = 'ref' in undo ? ((await payloads.get(undo.ref)) as unknown as Compensation) : undo.call;
    return { tool: undo.tool, args: own };
  }
  const value = argsRef ? await payloads.get(argsRef) : args;
  return { tool, args: isObject(value) ? (value as JsonObject) : {} };
}

/** Another version of Cedar may say the same error in other words. */
function isSame(one: PolicyDecision, other: PolicyDecision): boolean {
  const isOneEngine = one.engine === other.engine;
  const plain = ({ errors = [], ...rest }: PolicyDecision): string => {
    const said = isOneEngine ? errors : errors.map(({ rule }) => rule);
    return canonical({ ...rest, engine: '', errors: said } as unknown as Json);
  };
  return plain(one) === plain(other);
}
