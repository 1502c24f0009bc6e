import { AsyncCompletionClient, type Client } from '@temporalio/client';
import type { ActivityDeps } from '../../activities/deps.ts';
import { decode } from '../../audit/history.ts';

/** Heartbeats of attempts as Temporal has them, past the SDK's own, which does not say when one has arrived. */
export function heartbeatsOf(client: Client): Pick<ActivityDeps, 'mark' | 'lastHeartbeat'> {
  const { connection, workflowService } = client;
  const { namespace } = client.options;
  const marks = new AsyncCompletionClient({ connection, namespace });
  return {
    mark: (taskToken, mark) => marks.heartbeat(taskToken, mark),
    async lastHeartbeat({ workflowId, runId }, activityId) {
      const { pendingActivities } = await workflowService.describeWorkflowExecution({
        namespace,
        execution: { workflowId, runId },
      });
      const activity = pendingActivities.find((each) => each.activityId === activityId);
      if (!activity) throw new Error(`Temporal does not wait for activity ${activityId} any more.`);
      return decode(activity.heartbeatDetails)[0];
    },
  };
}
