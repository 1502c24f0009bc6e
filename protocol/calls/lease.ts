/** What becomes of a session whose stateful server is lost with all that it knew. */
export const WHEN_LOST = ['reopen', 'pause'] as const;
export type WhenLost = (typeof WHEN_LOST)[number];

/** A worker's connection to a stateful server, for one session: a process, or an HTTP protocol session. */
export interface Lease {
  /** Random: names this one connection, and no other ever. */
  readonly lease: string;
  /** Calls that the worker makes at once on the connections it holds. */
  readonly slots: number;
  readonly whenLost: WhenLost;
}
