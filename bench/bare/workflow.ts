import {
  allHandlersFinished,
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { BareActivities } from './activities.ts';

export const callUpdate = defineUpdate<unknown, [number]>('call');
export const doneSignal = defineSignal('done');

const { open, callTool, close } = proxyActivities<BareActivities>({
  startToCloseTimeout: '1m',
  retry: { maximumAttempts: 1 },
});

/**
 * The equivalent without Custody: a loop of activities that make the same MCP call.
 * @param settle milliseconds before the first call, in which the workflows beside this one open their servers
 */
export async function bare(calls: number, settle: number): Promise<void> {
  const { workflowId } = workflowInfo();
  await open(workflowId);
  await sleep(settle);
  for (let index = 0; index < calls; index += 1) await callTool(workflowId, index);
  await close(workflowId);
}

/** The same, called from outside by update. */
export async function bareUpdates(): Promise<void> {
  const { workflowId } = workflowInfo();
  let done = false;
  setHandler(callUpdate, (index) => callTool(workflowId, index));
  setHandler(doneSignal, () => {
    done = true;
  });
  await condition(() => done && allHandlersFinished());
  await close(workflowId);
}
