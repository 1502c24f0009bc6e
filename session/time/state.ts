/** The clock of a session: absolute instants in epoch milliseconds. */
export interface Time {
  readonly clock: {
    readonly deadlineAt: number;
    readonly warned: boolean;
    /** Set from the deadline on, until an extension is approved. */
    readonly graceUntil: number | null;
    /** Sum of all extensions. */
    readonly extended: number;
    readonly lastCallAt: number;
  };
}

export const newTime = (startedAt: number): Time => ({
  clock: { deadlineAt: 0, warned: false, graceUntil: null, extended: 0, lastCallAt: startedAt },
});
