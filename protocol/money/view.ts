import type { Layer } from '../records.ts';
import type { DelayCause, DelayView } from './delays.ts';

/** How the money of a session stands. Amounts are integer micro-USD, instants ISO 8601. */
export interface MoneyView {
  readonly asOf: string;
  /** With what people added; null is none. `limit = spent + reserved + free`. */
  readonly limit: number | null;
  readonly spent: number;
  /** For calls under way or in doubt, and for undoing what was done. */
  readonly reserved: number;
  /** Null where there is no limit. */
  readonly free: number | null;
  /** What came to more than the limit. */
  readonly overrun: number;
  readonly toppedUp: number;
  /** Of what was spent, `overrun` included: calls, what agents recorded, and the three layers by their rates. */
  readonly parts: { readonly [part in 'calls' | 'recorded' | Layer]: number };
  /** `parts.calls` by `server.tool`, or `server.method`. */
  readonly byName: { readonly [name: string]: { readonly times: number; readonly microUsd: number } };
  /** Of `parts.calls`: what calls cost beyond the most that they could by their limits. */
  readonly excess: number;
  /** On average since the start. */
  readonly perHour: number;
  /** When the limit is reached at that rate; null where it never is. */
  readonly limitAt: string | null;
  /** The highest share of the limit of which an alert was given, in per cent; 0 is none. */
  readonly alerted: number;
  /** Calls under way at once, as they are allowed now. */
  readonly callsAtOnce: number;
  /** What the session waits for. `callId` is null where the budget is spent. */
  readonly missing: { readonly callId: string | null; readonly microUsd: number } | null;
  /** Of a fork: what its parent had spent by then, which does not count here. */
  readonly ofParent: number | null;
  /** Null in a session that began before they were counted. */
  readonly delays: { readonly [cause in DelayCause]: DelayView } | null;
  /** What the session draws on with others; absent where nothing is. `granted` counts from its beginning. */
  readonly shared?: readonly {
    readonly budget: string;
    readonly granted: number;
    readonly used: number;
    /** Null where it has what it needs. */
    readonly missing: number | null;
  }[];
  /** SHA-256 of the price book. */
  readonly prices: string;
}
