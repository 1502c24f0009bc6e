import { running, type Scenarios } from './running.ts';

const usage = { model: 'm', inputTokens: 0, outputTokens: 0, microUsd: 300_000 };

export const MONEY: Scenarios = {
  /** Calls that cost something, alerts, a call that waits for money, a top-up, and what is undone. */
  budget: async (harness) => {
    const cost = { budgetLimit: 0.5 };
    const id = await running(harness, { overrides: { cost } });
    const session = harness.custody.session(id);
    await session.call('journal.upsert', { key: 'a', value: '1' }, { callId: 'cheap' });
    await session.record({ kind: 'usage', text: 'a model', usage });
    const dear = session.call('journal.upsert', { key: 'a', value: '2' }, { callId: 'dear' });
    await harness.until(id, ({ money }) => money?.missing?.callId === 'dear');
    await session.topUp('10', { reason: 'worth it' });
    await dear;
    await session.complete();
    await session.wait();
    return id;
  },

  /** A call that persons approve, one that they reject, and one that rules deny. */
  decided: async (harness) => {
    const id = await running(harness);
    const session = harness.custody.session(id);
    const others = harness.custody.as('bob').session(id).approvals;
    for (const [callId, decide] of [
      ['yes', (approval: string, digest: string) => others.approve(approval, digest, { reason: 'fine' })],
      ['no', (approval: string) => others.reject(approval, { reason: 'not now' })],
    ] as const) {
      const call = session.call('journal.upsert', { key: callId, value: 'look' }, { callId });
      const { approvals } = await harness.until(id, (view) => view.approvals.length > 0);
      const [{ id: approval, digest } = { id: '', digest: '' }] = approvals;
      await decide(approval, digest);
      await call;
    }
    await session.call('journal.upsert', { key: 'c', value: 'never' }, { callId: 'never' });
    await session.complete();
    await session.wait();
    return id;
  },
};

/** What both need of the operator. */
export const RULES = `
@id("look") @approval forbid(principal, action == Action::"journal.upsert", resource)
  when { context.args.value == "look" };
@id("never") @says("Never that.") forbid(principal, action == Action::"journal.upsert", resource)
  when { context.args.value == "never" };
`;
export const PRICES = { calls: { 'journal.upsert': { call: 0.1, second: 0.01 } } };
