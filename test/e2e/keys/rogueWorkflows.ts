import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';

/** Workflows of somebody who reaches the namespace and is no worker of the deployment. */

interface Wanted {
  readonly activity: string;
  readonly taskQueue: string;
  readonly input: unknown;
}

/** Schedules an activity on another task queue; answers the code of its failure, or 'done'. */
export async function rogue({ activity, taskQueue, input }: Wanted): Promise<string> {
  const activities = proxyActivities<{ [name: string]: (input: unknown) => Promise<unknown> }>({
    taskQueue,
    startToCloseTimeout: '20s',
    retry: { maximumAttempts: 2 },
  });
  try {
    await activities[activity]!(input);
    return 'done';
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    return cause instanceof ApplicationFailure ? (cause.type ?? 'no code') : String(cause);
  }
}

/** Hands a state of its own making to a session on another task queue. */
export async function handover({ taskQueue, carried }: { taskQueue: string; carried: unknown }): Promise<void> {
  await makeContinueAsNewFunc<(input: unknown) => Promise<void>>({ workflowType: 'custodySession', taskQueue })({
    carried,
  });
}

/** Looks like a session, and says of itself what it was told to. */
export async function custodySession(carried: unknown): Promise<void> {
  setHandler(defineQuery('carried'), () => carried);
  let isOver = false;
  setHandler(defineSignal('end'), () => void (isOver = true));
  await condition(() => isOver);
}
