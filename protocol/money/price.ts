/** What a call costs, by its parts; integer micro-USD each. What is left out costs nothing. */
export interface Price {
  /** Each time that the call is sent. */
  readonly call?: number;
  /** Of the time from sending to answer. */
  readonly second?: number;
  /** Of its arguments. */
  readonly kibIn?: number;
  /** Of its result. */
  readonly kibOut?: number;
}
