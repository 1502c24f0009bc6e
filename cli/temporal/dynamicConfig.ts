/** Dynamic settings of the Temporal server by key. */
export type DynamicConfig = Readonly<Record<string, number | boolean | string>>;

/**
 * Settings that Custody runs best with; deploy/dynamicconfig.yaml has the same for a production server.
 * Keys and defaults: common/dynamicconfig/constants.go of go.temporal.io/server.
 */
export const DYNAMIC_CONFIG: DynamicConfig = {
  /** Default 20 per shard, which holds one session to about 10 calls a second. */
  'history.transferProcessorMaxPollRPS': 2_000,
  /** Default 10. Beyond it callers get no error, only seconds of back-off. */
  'history.maxInFlightUpdates': 100,
  /** Bytes; default 20 MiB. One workflow task carries them all, and fails for ever when it is too large. */
  'history.maxInFlightUpdatePayloads': 1_572_864,
  /** Default false up to server 1.29, true in 1.32. */
  'system.enableActivityEagerExecution': true,
};
