import { OWN_CALL_ID } from '../../protocol/calls/call.ts';
import { isObject } from '../../protocol/values/json.ts';
import { all, type Fact, grouped, isOf, type Known, ofKind } from './facts.ts';

/** How a call stands, by the last that records say of it. */
export const STANDS = ['succeeded', 'tool_error', 'refused', 'failed', 'cancelled', 'in_doubt', 'open'] as const;
export type Stand = (typeof STANDS)[number];

export interface CallStand {
  readonly call: string;
  readonly as: Stand;
  readonly facts: readonly Fact[];
}

const KINDS = [
  'attempt',
  'outcome',
  'recall',
  'attempt-repeated',
  'call-refused',
  'denied',
  'in-doubt',
  'resolved',
] as const;

/** How the calls of some sessions stand; those that undo others are not counted. */
export const standsOf = (known: readonly Known[]): readonly CallStand[] =>
  known.flatMap(({ facts }) => {
    const ended = facts.find((fact) => isOf(fact, 'transition') && ENDS.has(fact.record.data.to));
    const calls = grouped(ofKind(facts, ...KINDS), ({ record }) => record.call);
    return [...calls].flatMap(([call, those]) => (isUndo(call, those) ? [] : standOf(call, those, ended)));
  });

/** Of a session. */
export const ENDS: ReadonlySet<unknown> = new Set(['COMPLETED', 'FAILED', 'TIMEOUT']);

const isUndo = (call: string, facts: readonly Fact[]): boolean =>
  (OWN_CALL_ID.test(call) && call.startsWith('undo')) ||
  facts.some((fact) => isOf(fact, 'attempt') && fact.record.data.compensates !== undefined);

function standOf(call: string, facts: readonly Fact[], ended: Fact | undefined): CallStand {
  let as: Stand = 'open';
  for (const fact of facts) as = after(as, fact);
  // A call that was to be tried again ends with its session, and nothing else says so.
  if (ended && as === 'open' && facts.at(-1)?.record.kind === 'attempt-repeated')
    return { call, as: 'cancelled', facts: [...facts, ended] };
  return { call, as, facts };
}

function after(as: Stand, fact: Fact): Stand {
  if (isOf(fact, 'outcome')) return ofOutcome(fact.record.data.outcome, fact.record.data.lost);
  if (isOf(fact, 'recall')) return fact.record.data.outcome ? ofOutcome(fact.record.data.outcome, null) : as;
  if (isOf(fact, 'call-refused', 'denied')) return 'refused';
  if (isOf(fact, 'in-doubt')) return 'in_doubt';
  if (isOf(fact, 'resolved')) {
    const { as: said } = fact.record.data;
    return said === 'succeeded' || said === 'failed' ? said : 'open';
  }
  return 'open';
}

function ofOutcome(outcome: unknown, lost: unknown): Stand {
  if (!isObject(outcome)) return isObject(lost) && lost.as === 'canceled' ? 'cancelled' : 'open';
  switch (outcome.kind) {
    case 'succeeded':
    case 'tool_error':
    case 'failed':
      return outcome.kind;
    case 'denied':
      return 'refused';
    // What is tried again, or is in doubt, has a record that says so.
    case 'unknown':
    case 'not_sent':
      return outcome.code === 'CALL_CANCELLED' ? 'cancelled' : 'failed';
    default:
      return 'open';
  }
}

/** Attempts with what became of them, in order. */
export interface Tried {
  readonly attempt: Fact<'attempt'>;
  readonly outcome: Fact<'outcome'> | undefined;
}

/** An outcome names the event of its attempt first. */
export function triedIn(known: readonly Known[]): readonly Tried[] {
  const outcomes = new Map<string, Fact<'outcome'>>();
  for (const fact of ofKind(all(known), 'outcome')) outcomes.set(keyOf(fact, fact.record.events[0]), fact);
  return ofKind(all(known), 'attempt').map((attempt) => ({
    attempt,
    outcome: outcomes.get(keyOf(attempt, attempt.record.events[0])),
  }));
}

const keyOf = ({ session, record }: Fact, event: number | undefined): string =>
  `${session} ${record.run} ${event ?? ''}`;
