import { running, type Scenarios } from './running.ts';

/** For sessions with the label alone. */
export const BUDGETS = { shared: { limit: 0.3, per: 'total', slice: 0.15, for: { labels: { shares: 'yes' } } } };

export const SHARED: Scenarios = {
  /** Slices of a shared budget, a call that it does not pay for, more money, and what is given back at the end. */
  'shared-budget': async (harness) => {
    const id = await running(harness, { labels: { shares: 'yes' } });
    const session = harness.custody.session(id);
    const call = (callId: string) => session.call('journal.upsert', { key: 'a', value: callId }, { callId });
    await call('first');
    await call('second');
    const dear = call('dear');
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.budgets.setLimit('shared', '10', { reason: 'worth it' });
    await session.resume({ reason: 'there is money' });
    await dear;
    await session.complete();
    await session.wait();
    return id;
  },
};
