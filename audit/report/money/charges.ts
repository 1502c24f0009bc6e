import { isObject } from '../../../protocol/values/json.ts';
import { usageCost } from '../../../session/money/fold.ts';
import { chargeOf } from '../../attemptCost.ts';
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
  const calls = triedIn([known]).flatMap((tried) => callCharge(known, terms, tried) ?? []);
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
  const cost = costIn<never>(() => usageCost(book, used), used.microUsd);
  const facts = [pinned, fact];
  return { of: 'recorded', name: used.model, call: null, cost, excess: 0, delay: null, undid: null, facts };
}

function callCharge({ facts }: Known, terms: Terms, { attempt, outcome: ended }: Tried): Charge | undefined {
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
  const outcome = ended.record.data.outcome ?? recall?.record.data.outcome ?? null;
  const as = doubt && { resolved: resolved?.record.data.as ?? null };
  const cost = costIn(
    () => chargeOf({ intent, reserved: worst, end: ended.record, outcome, ...as }, terms.book),
    worst,
  );
  if (cost === 'open') return undefined;
  const name = `${intent.server}.${intent.method ?? intent.tool}`;
  const of = { of: 'call', name, call: intent.callId, cost, excess: Math.max(0, cost - worst) } as const;
  const undid = typeof intent.compensates === 'string' ? intent.compensates : null;
  const basis = [terms.fact, attempt, ended, ...(recall ? [recall] : [])];
  if (doubt && resolved)
    return { ...of, delay: undid === null ? null : 'rollback', undid, facts: [...basis, doubt, resolved] };
  const isLost = repeated !== undefined && (outcome?.workerLost === true || ended.record.data.outcome === null);
  return {
    ...of,
    delay: undid === null ? (isLost ? 'restart' : null) : 'rollback',
    undid: outcome?.kind === 'succeeded' ? undid : null,
    facts: [...basis, ...(repeated ? [repeated] : [])],
  };
}

/** Of what no session writes, and a history may hold all the same, nobody knows the cost: it is the most. */
function costIn<Open extends 'open'>(count: () => number | Open | undefined, most: number): number | Open {
  try {
    const cost = count();
    return typeof cost === 'string' ? cost : wholeOf(cost);
  } catch {
    return most;
  }
}
