import { workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { type Asker, ASKER } from '../../protocol/values/unproven.ts';

/** Says in the input of each activity for whom it is: what was copied elsewhere is good for nothing there. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        const { runId, firstExecutionRunId: chain } = workflowInfo();
        const asker: Asker = { runId, chain, activity: input.activityType };
        const [first, ...others] = input.args;
        return next({ ...input, args: [{ ...(first as object), [ASKER]: asker }, ...others] });
      },
    },
  ],
});
