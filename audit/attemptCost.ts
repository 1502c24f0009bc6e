import { argumentBytes, type AttemptOutcome, type Intent, isRepeatable } from '../protocol/calls/call.ts';
import { costOfAttempt } from '../protocol/money/attempt.ts';
import { type PriceBook, priceOf } from '../protocol/money/prices.ts';
import { byteLength, canonical } from '../protocol/values/digest.ts';
import { isObject } from '../protocol/values/json.ts';
import type { AuditKinds } from './read/record.ts';

/** What is on record of an attempt, as far as its cost follows from it. */
export interface Ended {
  readonly intent: Intent;
  /** Micro-USD that were reserved for it. */
  readonly reserved: number;
  /** The record of its end. */
  readonly end: SilentEnd | null;
  /** How it ended, as its worker told at once or when it was asked; null: nobody told. */
  readonly outcome: AttemptOutcome | null;
  /** As what a person resolved it; null while it is in doubt. Absent where it never was. */
  readonly resolved?: string | null;
}

/**
 * Micro-USD that an attempt came to. A call in doubt keeps what it reserved, and has no price until a person says how
 * it ended.
 *
 * @returns `open` while that is not known yet, undefined where the records do not tell
 */
export function chargeOf({ intent, reserved, end, outcome, resolved }: Ended, book: PriceBook): Charged {
  if (resolved === null) return 'open';
  if (resolved !== undefined) return resolved === 'failed' ? 0 : reserved;
  if (outcome) return recordedCost(intent, outcome, reserved, book);
  if (!end) return 'open';
  const wasSent = sentInSilence(intent, end);
  return wasSent === null ? undefined : wasSent ? reserved : 0;
}

type Charged = number | 'open' | undefined;

/** Micro-USD of an attempt by what is on record of it: its intent, its outcome, what was reserved and the prices. */
function recordedCost(intent: Intent, outcome: AttemptOutcome, reserved: number, book: PriceBook): number {
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
function sentInSilence(intent: Intent, { data, events }: SilentEnd): boolean | null {
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
