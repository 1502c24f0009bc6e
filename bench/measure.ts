import { randomUUID } from 'node:crypto';
import { instantOf } from '../audit/history.ts';
import type { Custody } from '../client/custody.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { BARE_QUEUE } from './setup.ts';
import { callUpdate, doneSignal } from './bare/workflow.ts';

const AGENT = { agent: { id: 'bench', version: '1' }, profile: 'standard', servers: ['everything'] };

/** @param settle milliseconds before the first call, in which the sessions beside this one open their servers */
const planOf = (calls: number, settle: number): SessionSpec => ({
  ...AGENT,
  plan: [
    { wait: settle },
    ...Array.from({ length: calls }, (_, index) => ({ call: 'everything.echo', args: { message: `call ${index}` } })),
  ],
});

/**
 * Runs sessions with a plan at once; calls per second from the first call scheduled to the last one ended, by the
 * histories' own clock. Opening the sessions is not in it.
 */
export async function planRate(custody: Custody, sessions: number, calls: number): Promise<number> {
  const ids = await Promise.all(
    Array.from({ length: sessions }, () => custody.start(planOf(calls, 500 + 80 * sessions)).then(({ id }) => id)),
  );
  await Promise.all(ids.map((id) => custody.session(id).wait()));
  return rate(custody, ids, sessions * calls, 'callTool');
}

/** The same with bare workflows. */
export async function bareRate(custody: Custody, workflows: number, calls: number): Promise<number> {
  const { workflow } = custody.temporal;
  const handles = await Promise.all(
    Array.from({ length: workflows }, () =>
      workflow.start('bare', { taskQueue: BARE_QUEUE, workflowId: randomUUID(), args: [calls] }),
    ),
  );
  await Promise.all(handles.map((handle) => handle.result()));
  return rate(
    custody,
    handles.map(({ workflowId }) => workflowId),
    workflows * calls,
    'callTool',
  );
}

async function rate(custody: Custody, ids: readonly string[], calls: number, activity: string): Promise<number> {
  let [first, last] = [Infinity, 0];
  for (const id of ids) {
    const { events } = await custody.temporal.workflow.getHandle(id).fetchHistory();
    const own = new Set<string>();
    for (const event of events ?? []) {
      if (event.activityTaskScheduledEventAttributes?.activityType?.name === activity) {
        own.add(String(event.eventId));
        first = Math.min(first, instantOf(event.eventTime));
      }
      if (own.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)))
        last = Math.max(last, instantOf(event.eventTime));
    }
  }
  return calls / ((last - first) / 1000);
}

/** Events that one more call adds to a history: the difference of two sessions, over the calls between them. */
export async function eventsPerCall(custody: Custody): Promise<{
  readonly plan: number;
  readonly outside: number;
  readonly barePlan: number;
  readonly bareOutside: number;
}> {
  const between = async (run: (calls: number) => Promise<string>): Promise<number> => {
    const count = async (calls: number) =>
      (await custody.temporal.workflow.getHandle(await run(calls)).describe()).historyLength;
    return ((await count(60)) - (await count(20))) / 40;
  };
  const { workflow } = custody.temporal;
  return {
    plan: await between(async (calls) => {
      const { id } = await custody.start(planOf(calls, 100));
      await custody.session(id).wait();
      return id;
    }),
    outside: await between(async (calls) => {
      const { id } = await custody.start(AGENT);
      for (let index = 0; index < calls; index += 1)
        await custody.session(id).call('everything.echo', { message: `call ${index}` });
      await custody.session(id).complete();
      await custody.session(id).wait();
      return id;
    }),
    barePlan: await between(async (calls) => {
      const handle = await workflow.start('bare', { taskQueue: BARE_QUEUE, workflowId: randomUUID(), args: [calls] });
      await handle.result();
      return handle.workflowId;
    }),
    bareOutside: await between(async (calls) => {
      const handle = await workflow.start('bareUpdates', { taskQueue: BARE_QUEUE, workflowId: randomUUID(), args: [] });
      for (let index = 0; index < calls; index += 1) await handle.executeUpdate(callUpdate, { args: [index] });
      await handle.signal(doneSignal);
      await handle.result();
      return handle.workflowId;
    }),
  };
}
