import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { CARRIED } from './messages.ts';

/** What a query fails with that would have made the session run ahead; asked again it is answered. */
export const RAN_AHEAD = 'the session would have run ahead of its history';

/**
 * Keeps a session from deciding anything outside a workflow task.
 *
 * A query that waited for a worker brings the worker the history as it is by then, with events that no workflow task has
 * taken up yet. The SDK (1.23) plays these to the workflow at once, at the time of the task before; the real task then
 * goes on from there, and its commands stand in another order than any replay makes them: an update is answered as
 * `UnprocessedUpdate`, or the session is stuck with a nondeterminism error for ever. Such an activation shows in that the
 * history grew and the time did not. It is passed over, and failing the query that it came with drops the session from the cache, so
 * that the task replays it in order. The one query that is answered is that for the state of a run that was cut off (L11): it gets the
 * state after the last task. Should another task come all the same, it fails once, and is done again in order.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: { readonly length: number; readonly instant: string } | undefined;
  let isAhead = false;
  return {
    internals: [{
      activate(input, next) {
        const { activation, batchIndex } = input;
        const queries = (activation.jobs ?? []).flatMap(({ queryWorkflow }) => queryWorkflow ?? []);
        if (queries.length > 0) {
          if (isAhead && queries.some(({ queryType }) => queryType !== CARRIED)) throw new Error(RAN_AHEAD);
        } else if (batchIndex === 0 && activation.jobs?.length) {
          const now = { length: activation.historyLength ?? 0, instant: instantOf(activation) };
          if (isAhead && now.instant !== last?.instant) throw new Error(RAN_AHEAD);
          isAhead ||= last !== undefined && now.length > last.length && now.instant === last.instant;
          last = now;
        }
        if (!isAhead || queries.length > 0) next(input);
      },
    }],
  };
};

const instantOf = ({ timestamp }: ActivateInput['activation']): string => `${timestamp?.seconds?.toString()}.${timestamp?.nanos}`;
