import type { AttemptOutcome, Intent } from '../../../protocol/calls/call.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { usageCost } from '../../../session/money/fold.ts';
import { recordedCost, sentInSilence } from '../../attemptCost.ts';
import { type Tried, triedIn } from '../calls.ts';
import { type Fact, type Known, ofKind, wholeOf } from '../facts.ts';
import type { Terms } from './account.ts';

/** Something that cost money, when it was charged. Amounts are integer micro-USD. */
export interface Charge {
  readonly of: 'call' | 'recorded';
  /** `server.tool`, or the model. */
  readonly name: string;
  readonly call: string | null;
  readonly cost: number;
  /** Beyond what was reserved. */
  readonly excess: number;
  /** A delay that it belongs to. */
  readonly delay: 'restart' | 'rollback' | null;
  /** The call that it undid. */
  readonly undid: string | null;
  /** The last one is when. */
  readonly facts: readonly Fact[];
}

/** What a session was charged for: it follows from intents, outcomes and the prices that it pinned. */
export function chargesOf(known: Known, terms: Terms): readonly Charge[] {
  const calls = triedIn([known]).flatMap((tried) => chargeOf(known, terms, tried) ?? []);
  const told = ofKind(known.facts, 'usage', 'decision', 'api-request').flatMap((fact) => toldOf(fact, terms) ?? []);
  return [...calls, ...told].sort((a, b) => lastOf(a) - lastOf(b));
}

const lastOf = ({ facts }: Charge): number => facts.at(-1)?.place ?? 0;

function toldOf(fact: Fact<'usage' | 'decision' | 'api-request'>, { book, fact: pinned }: Terms): Charge | undefined {
  const { usage } = fact.record.data;
  if (!isObject(usage)) return undefined;
  const { model, inputTokens, outputTokens, microUsd } = usage;
  const used = {
    model: String(model),
    inputTokens: wholeOf(inputTokens),
    outputTokens: wholeOf(outputTokens),
    microUsd: wholeOf(microUsd),
  };
  const cost = costIn(() => usageCost(book, used), used.microUsd);
  const facts = [pinned, fact];
  return { of: 'recorded', name: used.model, call: null, cost, excess: 0, delay: null, undid: null, facts };
}

function chargeOf({ facts }: Known, terms: Terms, { attempt, outcome: ended }: Tried): Charge | undefined {
  const intent = attempt.record.data;
  if (typeof intent.reserved !== 'number' || !ended) return undefined;
  const worst = wholeOf(intent.reserved);
  // What is said of the call after it, until it is tried again.
  const later = facts.filter(({ record, place }) => record.call === attempt.record.call && place > ended.place);
  const again = later.findIndex(({ record }) => record.kind === 'attempt');
  const said = again < 0 ? later : later.slice(0, again);
  const recall = ofKind(said, 'recall').find(({ record }) => record.data.outcome);
  const doubt = ofKind(said, 'in-doubt')[0];
  const repeated = ofKind(said, 'attempt-repeated')[0];
  const resolved = ofKind(said, 'resolved')[0];
  const basis = [terms.fact, attempt, ended, ...(recall ? [recall] : [])];
  const of = { of: 'call', name: `${intent.server}.${intent.method ?? intent.tool}`, call: intent.callId } as const;
  const undid = typeof intent.compensates === 'string' ? intent.compensates : null;
  if (doubt) {
    if (!resolved) return undefined;
    const cost = resolved.record.data.as === 'failed' ? 0 : worst;
    const because = [...basis, doubt, resolved];
    return { ...of, cost, excess: 0, delay: undid === null ? null : 'rollback', undid, facts: because };
  }
  const outcome = ended.record.data.outcome ?? recall?.record.data.outcome ?? silent(intent, ended);
  const cost = costIn(() => recordedCost(intent, outcome, worst, terms.book), worst);
  const isLost = repeated !== undefined && (outcome.workerLost === true || ended.record.data.outcome === null);
  const delay = undid === null ? (isLost ? 'restart' : null) : 'rollback';
  const because = [...basis, ...(repeated ? [repeated] : [])];
  return {
    ...of,
    cost,
    excess: Math.max(0, cost - worst),
    delay,
    undid: didUndo(outcome) ? undid : null,
    facts: because,
  };
}

/** Of what no session writes, and a history may hold all the same, nobody knows the cost: it is the most. */
function costIn(count: () => number, most: number): number {
  try {
    return wholeOf(count());
  } catch {
    return most;
  }
}

const didUndo = ({ kind }: AttemptOutcome): boolean => kind === 'succeeded';

/** A worker fell silent: what may have been sent costs all that was reserved. */
function silent(intent: Intent, { record }: Fact<'outcome'>): AttemptOutcome {
  return { kind: sentInSilence(intent, record) ? 'unknown' : 'not_sent', code: 'WORKER_LOST', message: '' };
}
