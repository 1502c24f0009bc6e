import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What a query fails with that would have made the session run ahead; asked again it is answered. */
export const RAN_AHEAD = 'the session would have run ahead of its history';

/**
 * Keeps a session from deciding anything outside a workflow task.
 *
 * A query that waited for a worker brings the worker the history as it is by then, with events that no workflow task has
 * taken up yet. The SDK (1.23) plays these to the workflow at once, at the time of the task before; the real task then
 * goes on from there, and its commands stand in another order than any replay makes them: an update is answered as
 * `UnprocessedUpdate`, or the session is stuck with a nondeterminism error for ever. Such an activation shows in that the
 * history grew and the time did not. Failing it drops the session from the cache, and the task replays it in order.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: { readonly length: number; readonly instant: string } | undefined;
  return {
    internals: [{
      activate(input, next) {
        const { activation, batchIndex } = input;
        if (batchIndex === 0 && activation.jobs?.some(({ queryWorkflow }) => !queryWorkflow)) {
          const now = { length: activation.historyLength ?? 0, instant: instantOf(activation) };
          if (last && now.length > last.length && now.instant === last.instant) throw new Error(RAN_AHEAD);
          last = now;
        }
        next(input);
      },
    }],
  };
};

const instantOf = ({ timestamp }: ActivateInput['activation']): string => `${timestamp?.seconds?.toString()}.${timestamp?.nanos}`;
