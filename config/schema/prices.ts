import * as z from 'zod/mini';
import { addProblem, onObjects } from '../../protocol/fields.ts';
import type { PriceBook } from '../../protocol/money/prices.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { usd } from './values.ts';

/** Up to here no call can come to more than can be counted. */
const amount = usd(1000);

const price = z
  .strictObject({
    call: z.exactOptional(amount),
    second: z.exactOptional(amount),
    kibIn: z.exactOptional(amount),
    kibOut: z.exactOptional(amount),
  })
  .check(
    z.refine(
      (parts) => Object.keys(parts).length > 0,
      'says nothing; write call, second, kibIn or kibOut, or leave the price out',
    ),
  );

const tokens = z.strictObject({ input: amount, output: amount });

/** What stands under `prices` in custody.yaml: USD there, integer micro-USD here. */
export const pricesSchema: Schema<PriceBook> = z
  .strictObject({
    calls: z._default(z.record(z.string(), price), {}),
    models: z._default(z.record(z.string(), tokens), {}),
  })
  .check(
    z.superRefine(({ calls, models }, ctx) => {
      for (const key of Object.keys(calls as object))
        if (!PATTERN.test(key))
          addProblem(ctx, ['calls', key], 'must be "server.tool", "server.*", "server.beginning*" or "*"', true);
      const count = Object.keys(calls as object).length + Object.keys(models as object).length;
      if (count > MOST_PRICES) addProblem(ctx, [], `has ${count} prices, and ${MOST_PRICES} can be carried`);
    }, onObjects),
  ) as unknown as Schema<PriceBook>;

const PATTERN = /^([^.*]+\.[^*]+\*?|[^.*]+\.\*|\*)$/;

/** Each session carries those of its servers. */
const MOST_PRICES = 500;

export const NO_PRICES: PriceBook = { calls: {}, models: {} };
