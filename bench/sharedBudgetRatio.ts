import { type Ratio, ratio, repeat } from './figures.ts';
import { at } from './place/place.ts';
import { startEverything } from './place/servers.ts';
import { CALLS, type Shape, WARM_UP } from './planRatio.ts';
import { planRate } from './plans.ts';

/** What the server `everything` costs: a slice pays for about twenty calls. Both budgets suffice for any run. */
const PRICES = { calls: { 'everything.*': { call: 0.01, second: 0.0001 } } };
const COST = { budgetLimit: 100_000, costAlert: true };
const TEAM = { limit: 100_000, per: 'total', slice: 0.2, for: { profiles: ['shared'] } };

/**
 * Calls per second of sessions that draw on one shared budget beside their own, over those of sessions with the same
 * prices and an own budget alone, in turns.
 */
export const sharedBudgetRatio = ({ workers, sessions, repetitions, cpuProf }: Shape): Promise<Ratio> =>
  at(cpuProf, async (place) => {
    const { url } = await startEverything(place);
    await place.configure({
      servers: { everything: { url } },
      tools: { 'everything.echo': { effect: 'read-only' } },
      profiles: { shared: { cost: COST }, own: { cost: COST } },
      prices: PRICES,
      budgets: { team: TEAM },
    });
    for (let index = 1; index <= workers; index += 1) await place.startWorker(`bench-${index}`);
    const once = async (load: typeof WARM_UP) => ({
      shared: await planRate(place.custody, { ...load, profile: 'shared' }),
      own: await planRate(place.custody, { ...load, profile: 'own' }),
    });
    await once(WARM_UP);
    const load = { sessions, calls: CALLS[sessions], settle: 500 + 80 * sessions };
    return ratio(await repeat(repetitions, () => once(load)), 'shared', 'own');
  });
