import * as z from 'zod/mini';
import { parseUsd } from './usd.ts';

const FORM = "must be an amount in USD as text, such as '12.5', above 0 and with at most 6 decimals";

/** An amount of money in a command, as people write it. */
export const anAmount = z.string(FORM).check(z.refine((text) => amountIn(text) !== undefined, FORM));

/** The same in micro-USD; undefined for what is none. */
export function amountIn(text: string): number | undefined {
  const micro = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? parseUsd(Number(text)) : undefined;
  return typeof micro === 'number' && micro > 0 ? micro : undefined;
}
