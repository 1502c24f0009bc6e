/** An instant, in epoch milliseconds, and what is due then. */
export interface Due {
  readonly at: number;
  readonly what: string;
  /** Each call may bring it nearer. */
  readonly comesNearer?: true;
}
