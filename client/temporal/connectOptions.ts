export interface ConnectOptions {
  /** `host:port`; else TEMPORAL_ADDRESS, else the profile, else localhost:7233. */
  readonly address?: string | undefined;
  /** Else TEMPORAL_NAMESPACE, else the profile, else `default`. */
  readonly namespace?: string | undefined;
  /** A profile of Temporal's configuration file; else TEMPORAL_PROFILE, else `default`. */
  readonly profile?: string | undefined;
  /**
   * The task queue of the workers that shall run sessions; `custody` by default. Groups of workers in one namespace are
   * told apart by it.
   */
  readonly taskQueue?: string | undefined;
  /** Folder of the payload store, the one that the workers have; else CUSTODY_STORE, else the user's data folder. */
  readonly store?: string | undefined;
  /**
   * Keys as `custody keys` writes them, where workers encrypt: the first one writes, all of them read. A reading key is
   * enough. Else CUSTODY_KEYS, else the file that CUSTODY_KEYS_FILE names.
   */
  readonly keys?: readonly string[] | undefined;
}
