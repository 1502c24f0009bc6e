import { argumentBytes, type AttemptOutcome, type Intent } from '../protocol/calls/call.ts';
import { costOfAttempt } from '../protocol/money/attempt.ts';
import { type PriceBook, priceOf } from '../protocol/money/prices.ts';
import { byteLength, canonical } from '../protocol/values/digest.ts';
import { isObject } from '../protocol/values/json.ts';

/** Micro-USD of an attempt by what is on record of it: its intent, its outcome, what was reserved and the prices. */
export function recordedCost(intent: Intent, outcome: AttemptOutcome, reserved: number, book: PriceBook): number {
  const sent = argumentBytes({ ...intent, bytes: bytesOf(intent) });
  return costOfAttempt({ price: priceOf(book, intent), reserved, in: sent }, outcome);
}

/** A session does not measure what undoes another call. */
const bytesOf = ({ args, compensates }: Intent): number =>
  compensates === undefined ? byteLength(canonical(isObject(args) ? args : {})) : 0;
