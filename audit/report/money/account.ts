import type { PriceBook } from '../../../protocol/money/prices.ts';
import type { DelayCause } from '../../../protocol/money/delays.ts';
import type { Layer } from '../../../protocol/records.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { type Fact, type Known, ofKind, wholeOf } from '../facts.ts';

/** Under what a session spends, as it pinned it first. Amounts are integer micro-USD. */
export interface Terms {
  readonly book: PriceBook;
  /** SHA-256 of the whole price book. */
  readonly hash: string;
  /** For an hour. */
  readonly rates: { readonly [layer in Layer]: number };
  readonly personRate: number;
  /** Per cent that each delay is said to add. */
  readonly model: { readonly [cause in DelayCause]: number };
  /** The record that says so. */
  readonly fact: Fact<'pinned'>;
}

/** Undefined for a session that opened no server, or began before there were prices. */
export function termsOf({ facts }: Known): Terms | undefined {
  const [fact] = ofKind(facts, 'pinned');
  const loaded = fact?.record.data.loaded;
  if (!fact || !isObject(loaded) || !isObject(loaded.money)) return undefined;
  const { calls, models, hash } = loaded.money;
  const { cost = {} } = isObject(loaded.governance) ? loaded.governance : {};
  const said = isObject(cost) ? cost : {};
  return {
    book: { calls: pricesIn(calls), models: pricesIn(models) } as unknown as PriceBook,
    hash: String(hash),
    rates: {
      session: wholeOf(said.auditCost),
      execution: wholeOf(said.executionCost),
      compliance: wholeOf(said.complianceCost),
    },
    personRate: wholeOf(said.personCost),
    model: {
      timeout: wholeOf(said.delayOnTimeout),
      restart: wholeOf(said.delayOnRestart),
      rollback: wholeOf(said.delayOnRollback),
    },
    fact,
  };
}

const pricesIn = (prices: unknown): Record<string, Record<string, number>> =>
  Object.fromEntries(
    Object.entries(isObject(prices) ? prices : {}).map(([name, price]) => [
      name,
      wholeIn(isObject(price) ? price : {}),
    ]),
  );

const wholeIn = (price: Record<string, unknown>): Record<string, number> =>
  Object.fromEntries(Object.entries(price).map(([part, amount]) => [part, wholeOf(amount)]));

/** The limit as it was accepted last, without what people added; null is none. */
export function limitIn({ facts }: Known): { readonly limit: number | null; readonly fact: Fact } | undefined {
  const fact = ofKind(facts, 'pinned').at(-1);
  const loaded = fact?.record.data.loaded;
  if (!fact || !isObject(loaded) || !isObject(loaded.governance) || !isObject(loaded.governance.cost)) return undefined;
  const { budgetLimit } = loaded.governance.cost;
  return { limit: typeof budgetLimit === 'number' ? wholeOf(budgetLimit) : null, fact };
}
