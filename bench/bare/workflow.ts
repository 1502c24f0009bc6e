import {
  allHandlersFinished,
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { BareActivities } from './activities.ts';

export const callUpdate = defineUpdate<unknown, [number]>('call');
export const doneSignal = defineSignal('done');

/** The equivalent without Custody: a loop of activities that make the same MCP call. */
export async function bare(calls: number): Promise<void> {
  const { callTool } = proxyActivities<BareActivities>({ startToCloseTimeout: '1m', retry: { maximumAttempts: 1 } });
  for (let index = 0; index < calls; index += 1) await callTool(index);
}

/** The same, called from outside by update. */
export async function bareUpdates(): Promise<void> {
  const { callTool } = proxyActivities<BareActivities>({ startToCloseTimeout: '1m', retry: { maximumAttempts: 1 } });
  let done = false;
  setHandler(callUpdate, (index) => callTool(index));
  setHandler(doneSignal, () => {
    done = true;
  });
  await condition(() => done && allHandlersFinished());
}
