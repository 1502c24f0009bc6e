import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';

/** Says of each activity of a session that it ran. */
export const seeing =
  (saw: (session: string, isLast: boolean) => void): ActivityInterceptorsFactory =>
  ({ info: { workflowType, workflowExecution, activityType } }) => ({
    inbound: {
      async execute(input, next) {
        const result = await next(input);
        if (workflowType === WORKFLOW_TYPE && workflowExecution)
          saw(workflowExecution.workflowId, activityType === 'closeSession');
        return result;
      },
    },
  });
