import { argumentBytes, type AttemptOutcome, type Intent, isRepeatable } from '../protocol/calls/call.ts';
import { costOfAttempt } from '../protocol/money/attempt.ts';
import { type PriceBook, priceOf } from '../protocol/money/prices.ts';
import { byteLength, canonical } from '../protocol/values/digest.ts';
import { isObject } from '../protocol/values/json.ts';
import type { AuditKinds } from './read/record.ts';

/** Micro-USD of an attempt by what is on record of it: its intent, its outcome, what was reserved and the prices. */
export function recordedCost(intent: Intent, outcome: AttemptOutcome, reserved: number, book: PriceBook): number {
  const sent = argumentBytes({ ...intent, bytes: bytesOf(intent) });
  return costOfAttempt({ price: priceOf(book, intent), reserved, in: sent }, outcome);
}

/** A session does not measure what undoes another call. */
const bytesOf = ({ args, compensates }: Intent): number =>
  compensates === undefined ? byteLength(canonical(isObject(args) ? args : {})) : 0;

/**
 * May an attempt have been sent of which nobody could tell the outcome? As the session judges it: `judgeSilence`.
 * Null: its end does not say that it fell silent.
 */
export function sentInSilence(intent: Intent, { data, events }: SilentEnd): boolean | null {
  const { lost, mark } = data;
  if (!lost) return null;
  if (lost.as === 'canceled') return false;
  if (lost.as === 'failed') return true;
  const isHeld = intent.continues?.held !== undefined;
  const isTaken = events.length >= 3;
  if (!isTaken && intent.lease !== undefined && !isHeld) return false;
  return isHeld || isRepeatable(intent.effect) || (isObject(mark) && mark.sending === true);
}

/** The record of its end. */
interface SilentEnd {
  readonly data: Pick<AuditKinds['outcome'], 'lost' | 'mark'>;
  readonly events: readonly number[];
}
