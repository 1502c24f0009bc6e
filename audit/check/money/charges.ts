import type { PriceBook } from '../../../protocol/money/prices.ts';
import { recordedCost, sentInSilence } from '../../attemptCost.ts';
import type { AttemptStory, CallStory } from '../calls/stories.ts';

/** What the end of an attempt costs, made again from its intent, its outcome and the prices on record. */
export interface Charge {
  readonly callId: string;
  /** As the ledger names it. */
  readonly name: string;
  /** Micro-USD. */
  readonly cost: number;
  /** What it cost beyond its reservation. */
  readonly excess: number;
  /** The run in which it was settled. */
  readonly run: string;
}

/** Undefined where the records do not tell what an attempt came to. */
export function chargesOf({ callId, attempts, doubts }: CallStory, book: PriceBook): readonly (Charge | undefined)[] {
  return attempts.flatMap((attempt, index) => {
    const { reserved } = attempt.intent;
    if (reserved === undefined) return [];
    const next = attempts[index + 1]?.n ?? Infinity;
    const doubt = doubts.find(({ n, as }) => as === null && n > attempt.n && n < next);
    const settled = doubt
      ? resolved(doubts.find(({ n, as }) => as !== null && n > doubt.n))
      : costIn(attempt, reserved, book);
    if (settled === 'open') return [];
    if (settled === undefined) return [undefined];
    const { intent } = attempt;
    const name = `${intent.server}.${intent.method ?? intent.tool}`;
    const cost = settled.cost === 'reserved' ? reserved : settled.cost;
    return [{ callId, name, cost, excess: Math.max(0, cost - reserved), run: settled.run }];
  });
}

interface Settled {
  readonly cost: number | 'reserved';
  readonly run: string;
}

/** A call in doubt keeps what it reserved, and has no price until a person says how it ended. */
const resolved = (resolution: CallStory['doubts'][number] | undefined): Settled | 'open' =>
  resolution ? { cost: resolution.as === 'failed' ? 0 : 'reserved', run: resolution.run } : 'open';

function costIn(attempt: AttemptStory, reserved: number, book: PriceBook): Settled | 'open' | undefined {
  const { end, recalled, intent } = attempt;
  const run = recalled?.run ?? end?.run;
  if (run === undefined) return 'open';
  const outcome = end?.data.outcome ?? recalled?.outcome ?? null;
  if (outcome) return { cost: recordedCost(intent, outcome, reserved, book), run };
  const wasSent = end && sentInSilence(intent, end);
  return typeof wasSent === 'boolean' ? { cost: wasSent ? 'reserved' : 0, run } : undefined;
}
