import { Context } from '@temporalio/activity';
import { AsyncCompletionClient, type Client } from '@temporalio/client';
import type { PayloadCodec, SerializationContext } from '@temporalio/common';
import type { ActivityDeps } from '../../activities/deps.ts';
import { unprovenOf } from '../../workflows/sdk/unproven.ts';
import { decodeOne } from '../../audit/history.ts';

/** Heartbeats of attempts as Temporal has them, past the SDK's own, which does not say when one has arrived. */
export function heartbeatsOf(client: Client, codec: PayloadCodec): Pick<ActivityDeps, 'mark' | 'lastHeartbeat'> {
  const { connection, workflowService } = client;
  const { namespace } = client.options;
  const marks = new AsyncCompletionClient({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
  return {
    mark(taskToken, mark) {
      const { workflowExecution, activityId } = Context.current().info;
      const serializationContext = activityOf(namespace, workflowExecution?.workflowId, activityId);
      return marks.heartbeat(taskToken, mark, { serializationContext });
    },
    async lastHeartbeat({ workflowId, runId }, activityId) {
      const { pendingActivities } = await workflowService.describeWorkflowExecution({
        namespace,
        execution: { workflowId, runId },
      });
      const activity = pendingActivities.find((each) => each.activityId === activityId);
      if (!activity) throw new Error(`Temporal does not wait for activity ${activityId} any more.`);
      const given = activity.heartbeatDetails?.payloads ?? [];
      const [details] = await codec.decode(given, activityOf(namespace, workflowId, activityId));
      return unprovenOf(details) ? undefined : decodeOne(details);
    },
  };
}

const activityOf = (
  namespace: string,
  workflowId: string | undefined,
  activityId: string,
): SerializationContext & { readonly type: 'activity' } => ({
  type: 'activity',
  namespace,
  activityId,
  isLocal: false,
  ...(workflowId === undefined ? {} : { workflowId }),
});
