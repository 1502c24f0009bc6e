import type { PriceBook } from '../../../protocol/money/prices.ts';
import { chargeOf } from '../../attemptCost.ts';
import type { CallStory } from '../calls/stories.ts';

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
    const { intent, end, recalled } = attempt;
    const { reserved } = intent;
    if (reserved === undefined) return [];
    const next = attempts[index + 1]?.n ?? Infinity;
    const doubt = doubts.find(({ n, as }) => as === null && n > attempt.n && n < next);
    const resolved = doubt && doubts.find(({ n, as }) => as !== null && n > doubt.n);
    const outcome = end?.data.outcome ?? recalled?.outcome ?? null;
    const resolution = doubt ? { resolved: resolved?.as ?? null } : {};
    const cost = chargeOf({ intent, reserved, end, outcome, ...resolution }, book);
    const run = doubt ? resolved?.run : (recalled?.run ?? end?.run);
    if (cost === 'open' || run === undefined) return [];
    if (cost === undefined) return [undefined];
    const name = `${intent.server}.${intent.method ?? intent.tool}`;
    return [{ callId, name, cost, excess: Math.max(0, cost - reserved), run }];
  });
}
