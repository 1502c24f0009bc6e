import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { CARRIED } from '../messages.ts';

/** What a query fails with that would have made the session run ahead; asked again it is answered. */
export const RAN_AHEAD = 'the session would have run ahead of its history';

/** The id that the SDK gives to a query which came by itself, and not with a workflow task. */
const BY_ITSELF = 'legacy_query';
/** A workflow task that was completed is followed by its completion, and by the next one's scheduling and start. */
const EVENTS_BETWEEN_TASKS = 3;
/** Commands that each become an event, whatever else happens. */
const LEAVE_AN_EVENT = ['modifyWorkflowProperties', 'upsertWorkflowSearchAttributes'] as const;

type Query = { readonly queryId?: string | null; readonly queryType?: string | null };

/** What the workflow was given to decide on: by a workflow task, or by mistake. */
interface Given {
  /** Events so far. */
  readonly length: number;
  readonly instant: string;
  readonly isLive: boolean;
  readonly hasUpdates: boolean;
}

/**
 * Keeps a session from deciding anything outside a workflow task.
 *
 * A query that waited for a worker brings the worker the history as it is by then, with events that no workflow task
 * has taken up yet. The SDK (1.23) plays these to the workflow at once, and answers the query after it. The real task
 * then goes on from there, and its commands stand in another order than any replay makes them: an update is answered as
 * `UnprocessedUpdate`, or the session is stuck with a nondeterminism error for ever. Failing the query drops the
 * session from the cache, so that the task replays it in order. Such events show in one of three ways:
 *
 * - The history grew and the time did not. They are passed over. The one query that is answered all the same is that
 * for
 *   the state of a run that was cut off: it gets the state after the last task.
 * - The time moved, since a task was started and failed, or is in another worker's hands. What follows a replay and is
 * followed by
 *   a query that came by itself may be that, or a task like any other: it is taken for the former.
 * - The next task comes with fewer events than completing one leaves. It fails once, and is done again in order.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: Given | undefined;
  /** Events, at least, that the commands since then leave. */
  let events = 0;
  let isAhead = false;
  let isUnsure = false;

  function take(now: Given): void {
    const isSameTask = now.length === last?.length && now.instant === last.instant;
    if (isSameTask) return;
    if (isAhead) throw new Error(RAN_AHEAD);
    if (now.isLive && last?.isLive && !last.hasUpdates && now.length - last.length < EVENTS_BETWEEN_TASKS + events)
      throw new Error(RAN_AHEAD);
    isAhead = now.instant === last?.instant;
    isUnsure = now.isLive && last?.isLive === false;
    last = now;
    events = 0;
  }

  function answer({ queryId, queryType }: Query): void {
    if (queryType !== CARRIED && (isAhead || (isUnsure && queryId === BY_ITSELF))) throw new Error(RAN_AHEAD);
    // An answer says that the last one was a task.
    isUnsure = false;
    if (last) last = { ...last, isLive: true };
  }

  return {
    internals: [
      {
        activate(input, next) {
          const { activation, batchIndex } = input;
          const jobs = activation.jobs ?? [];
          const queries = jobs.flatMap(({ queryWorkflow }) => queryWorkflow ?? []);
          if (queries.length > 0) queries.forEach(answer);
          else if (batchIndex === 0 && jobs.length > 0) take(givenBy(activation));
          if (!isAhead || queries.length > 0) next(input);
        },
        concludeActivation(input, next) {
          events += input.commands.filter((command) => LEAVE_AN_EVENT.some((kind) => command[kind])).length;
          return next(input);
        },
      },
    ],
  };
};

const givenBy = ({ historyLength, timestamp, isReplaying, jobs }: ActivateInput['activation']): Given => ({
  length: historyLength ?? 0,
  instant: `${timestamp?.seconds?.toString()}.${timestamp?.nanos}`,
  isLive: !isReplaying,
  hasUpdates: (jobs ?? []).some(({ doUpdate }) => doUpdate),
});
