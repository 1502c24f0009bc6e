import type { Custody } from '../client/custody.ts';
import { startUpdates } from './outsideCalls.ts';
import { at } from './place/place.ts';
import { startEverything } from './place/servers.ts';
import { AGENT, planOf, startBare } from './plans.ts';

/** Calls of a short and of a long session. */
const [SHORT, LONG] = [20, 60] as const;

export interface EventsPerCall {
  readonly plan: number;
  readonly outside: number;
  readonly barePlan: number;
  readonly bareOutside: number;
}

/** Events that one more call adds to a history: the difference of two sessions, over the calls between them. */
export const eventsPerCall = (): Promise<EventsPerCall> =>
  at(undefined, async (place) => {
    const { url } = await startEverything(place);
    await place.configure({
      servers: { everything: { url } },
      tools: { 'everything.echo': { effect: 'read-only' } },
      profiles: { standard: {} },
    });
    await place.startWorker('bench');
    await place.startOther('bare/worker.js', JSON.stringify({ kind: 'http', name: 'everything', url, headers: {} }));
    return count(place.custody);
  });

async function count(custody: Custody): Promise<EventsPerCall> {
  const handle = (id: string) => custody.temporal.workflow.getHandle(id);
  const between = async (run: (calls: number) => Promise<string>): Promise<number> => {
    const events = async (calls: number) => (await handle(await run(calls)).describe()).historyLength;
    return ((await events(LONG)) - (await events(SHORT))) / (LONG - SHORT);
  };
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
      const id = await startBare(custody, calls, 100);
      await handle(id).result();
      return id;
    }),
    bareOutside: await between(async (calls) => {
      const bare = await startUpdates(custody);
      for (let index = 0; index < calls; index += 1) await bare.call();
      await bare.end();
      return bare.workflowId;
    }),
  };
}
