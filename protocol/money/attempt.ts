import type { AttemptOutcome } from '../calls/call.ts';
import { bytesOfResult } from '../calls/result.ts';
import type { Price } from './price.ts';
import { costOf } from './prices.ts';

/** What is known of an attempt before it is made. */
export interface Priced {
  readonly price: Price;
  /** Micro-USD that are reserved for it. */
  readonly reserved: number;
  /** Bytes of its arguments. */
  readonly in: number;
}

/**
 * Micro-USD of an attempt that is over: nothing where no byte was sent, what was used where that is known, and all that
 * was reserved where nobody knows.
 */
export function costOfAttempt({ price, reserved, in: bytesIn }: Priced, outcome: AttemptOutcome): number {
  switch (outcome.kind) {
    case 'denied':
    case 'needs_approval':
    case 'not_sent':
      return 0;
    case 'unknown':
      return reserved;
    default: {
      const { ms } = outcome;
      if (ms === undefined || !Number.isSafeInteger(ms) || ms < 0) return reserved;
      const out = 'result' in outcome ? bytesOfResult(outcome.result) : 0;
      return costOf(price, { ms, in: bytesIn, out });
    }
  }
}
