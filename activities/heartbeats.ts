import { CancelledFailure, Context } from '@temporalio/activity';

const INTERVAL = 1000;

export interface Heartbeats {
  /**
   * Aborted when the session wants the activity to end, or the worker must; not when Temporal merely lost sight of it.
   */
  readonly signal: AbortSignal;
  /** What every heartbeat from now on says. */
  set(details: unknown): void;
  /** What they say beside that. */
  add(details: object): void;
  stop(): void;
}

/** Sends heartbeats each second, beginning after the first: an activity that is quicker costs none. */
export function heartbeats(details: unknown): Heartbeats {
  const context = Context.current();
  const abort = new AbortController();
  let current = details;
  const timer = setInterval(() => context.heartbeat(current), INTERVAL);
  context.cancelled.catch((error: unknown) => {
    const why = context.cancellationDetails;
    if (why && !why.cancelRequested && !why.workerShutdown) return;
    abort.abort(error instanceof CancelledFailure ? error : new CancelledFailure('cancelled'));
  });
  return {
    signal: abort.signal,
    set: (next) => {
      current = next;
    },
    add: (more) => {
      current = { ...(current as object), ...more };
    },
    stop: () => clearInterval(timer),
  };
}
