/** What delays a session: its deadline or idleness, the loss of a worker or agent, a rollback. */
export const DELAYS = ['timeout', 'restart', 'rollback'] as const;
export type DelayCause = (typeof DELAYS)[number];

/** What delays of one cause came to . Amounts are integer micro-USD. */
export interface DelayView {
  readonly times: number;
  /** That the session waited, milliseconds. */
  readonly ms: number;
  /** What its layers cost meanwhile; of what the session spent. */
  readonly waiting: number;
  /**
   * What the compliance layer cost while a check or review that it called for was due and the session worked on; of
   * what the session spent.
   */
  readonly checks: number;
  /** Calls that were repeated or undone, and the calls that undid them; of what the session spent. */
  readonly calls: number;
  /** The time that persons took to decide, at `cost.personCost`; no money of the session. */
  readonly people: number;
  /** What the model of the profile says instead: per cent of what the session cost without delays, each time. */
  readonly modelled: number;
}
