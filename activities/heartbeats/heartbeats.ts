import { setTimeout as delay } from 'node:timers/promises';
import { CancelledFailure, Context } from '@temporalio/activity';
import { isObject } from '../../protocol/values/json.ts';
import type { ActivityDeps } from '../deps.ts';
import type { SendingMark } from '../../protocol/calls/marks.ts';

const INTERVAL = 1000;
/** Milliseconds between looks whether Temporal has a heartbeat. */
const LOOK = 50;

export interface Heartbeats {
  /**
   * Aborted when the session wants the activity to end, or the worker must; not when Temporal merely lost sight of it.
   */
  readonly signal: AbortSignal;
  /** What every heartbeat from now on says beside what it says already. */
  add(details: object): void;
  /**
   * What every heartbeat from now on says instead. Resolves once Temporal has it on record, and no heartbeat that was
   * begun before can come after it and say otherwise. Throws when the attempt is no longer wanted.
   */
  mark(mark: SendingMark, by: Pick<ActivityDeps, 'mark' | 'lastHeartbeat'>): Promise<void>;
  stop(): void;
}

/**
 * Sends heartbeats each second, beginning after the first: an activity that is quicker costs none.
 *
 * The SDK does not say when Temporal has taken one of these, and holds them back for up to a second. So the mark goes
 * by another way, which says so; and where any was begun before it, it goes by theirs as well. There each waits until
 * the one before it was answered, and what is held back gives way to what comes later: once Temporal has the mark that
 * came `inOrder`, none of those before it is on its way any more.
 */
export function heartbeats(details: unknown): Heartbeats {
  const context = Context.current();
  const { taskToken, workflowExecution, activityId } = context.info;
  const abort = new AbortController();
  let current = details;
  let begun = false;
  const beat = (): void => {
    begun = true;
    context.heartbeat(current);
  };
  const timer = setInterval(beat, INTERVAL);
  context.cancelled.catch((error: unknown) => {
    const why = context.cancellationDetails;
    if (why && !why.cancelRequested && !why.workerShutdown) return;
    abort.abort(error instanceof CancelledFailure ? error : new CancelledFailure('cancelled'));
  });
  return {
    signal: abort.signal,
    add: (more) => {
      current = isObject(current) ? { ...current, ...more } : more;
    },
    async mark(mark, by) {
      const hasEarlier = begun;
      current = mark;
      await by.mark(taskToken, mark);
      if (!hasEarlier || !workflowExecution) return;
      current = { ...mark, inOrder: true } satisfies SendingMark;
      beat();
      for (;;) {
        abort.signal.throwIfAborted();
        const last = await by.lastHeartbeat(workflowExecution, activityId);
        if (isObject(last) && last.inOrder === true) return;
        await delay(LOOK);
      }
    },
    stop: () => clearInterval(timer),
  };
}
