/** A worker process: `boot` is new for each start, `name` is kept over restarts. */
export interface WorkerIdentity {
  readonly name: string;
  readonly boot: string;
  /** True when the process before this one under the same name drained before it ended. */
  readonly afterDrain: boolean;
}
