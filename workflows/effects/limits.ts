/** A worker that sends no heartbeat for this long is taken for lost. */
export const HEARTBEAT_TIMEOUT = '5s';

/** What an attempt may take beyond its tool's timeout: connecting, and the worker's own work. Milliseconds. */
export const MARGIN = 60_000;
