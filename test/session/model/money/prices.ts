import type { Price } from '../../../../protocol/money/price.ts';
import type { PinnedBook, Used } from '../../../../protocol/money/prices.ts';
import type { OpenCall } from '../../../../session/calls/state.ts';

/** The prices of random lives: every tool of `s` has one, `irreversible` one of its own. */
export const BOOK: PinnedBook = {
  hash: 'book-v1',
  calls: { '*': { second: 1000, kibOut: 7 }, 's.*': { call: 20_000 }, 's.irreversible': { call: 90_000, kibIn: 3 } },
  models: {},
};

/** The price of a call of `s` by hand. */
const priceOf = (call: Pick<OpenCall, 'server' | 'tool' | 'method'>): Required<Price> => {
  const isDear = call.method === undefined && call.tool === 'irreversible';
  return { call: isDear ? 90_000 : 20_000, second: 1000, kibIn: isDear ? 3 : 0, kibOut: 7 };
};

export function costOf(call: Pick<OpenCall, 'server' | 'tool' | 'method'>, used: Used): number {
  const price = priceOf(call);
  const up = (amount: number): number => Math.ceil(amount);
  return (
    price.call +
    up((price.second * used.ms) / 1000) +
    up((price.kibIn * used.in) / 1024) +
    up((price.kibOut * used.out) / 1024)
  );
}
