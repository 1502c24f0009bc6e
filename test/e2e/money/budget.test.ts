import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { Harness } from '../../support/harness.ts';

const USD = 1_000_000;
/** Of a call of `journal.append`: its timeout is 10 s, so it may cost 0.51 USD; the layers cost nothing. */
const PRICES = {
  calls: { 'journal.append': { call: 0.01, second: 0.05 } },
  models: { small: { input: 1, output: 4 } },
};
const LAYERS = { auditCost: 0, executionCost: 0, complianceCost: 0 };

const started: Harness[] = [];
const priced = async (cost: object, more: object = {}, rules?: string): Promise<Harness> => {
  const harness = await Harness.start({
    profile: { session: { autoResume: true }, cost: { ...LAYERS, ...cost }, ...more },
    tools: { 'journal.append': { effect: 'irreversible', timeout: '10s' } },
    config: { prices: PRICES },
    ...(rules === undefined ? {} : { rules }),
  });
  started.push(harness);
  return harness;
};
afterEach(async () => {
  for (const harness of started.splice(0)) await harness.stop();
});

const recordsOf = async (session: SessionHandle): Promise<string[]> => {
  const found: string[] = [];
  for await (const { kind, text } of session.watch({ follow: false })) found.push(`${kind}: ${text}`);
  return found;
};

describe('C1, C2: calls cost money', () => {
  test('what a call may cost is kept while it runs, and it pays what it used', async () => {
    const harness = await priced({ budgetLimit: 1 });
    const session = harness.custody.session(await harness.running());
    const call = session.call('journal.append', { text: 'x', gate: 'g' }, { callId: 'a' });
    const during = await harness.until(session.id, ({ money }) => (money?.reserved ?? 0) > 0);
    expect(during.money).toMatchObject({ limit: USD, spent: 0, reserved: 510_000, free: 490_000 });
    harness.open('g');
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    const { money } = await session.describe();
    expect(money).toMatchObject({ limit: USD, reserved: 0, overrun: 0, excess: 0 });
    expect(money?.spent).toBeGreaterThan(10_000);
    expect(money?.spent).toBeLessThan(510_000);
    expect(money?.parts).toEqual({ calls: money?.spent, recorded: 0, session: 0, execution: 0, compliance: 0 });
  });

  test('one that cannot be paid is not sent: the session says what is missing, a top-up brings it back', async () => {
    const harness = await priced({ budgetLimit: 0.4 });
    const session = harness.custody.session(await harness.running());
    const call = session.call('journal.append', { text: 'x' }, { callId: 'a' });
    const paused = await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(paused).toMatchObject({ cause: 'budget', money: { missing: { callId: 'a', microUsd: 110_000 } } });
    expect(paused.reason).toContain('journal.append (a) may cost up to 0.51 USD; of the budget of 0.4 USD are 0.4 USD');
    expect(harness.journal()).toEqual([]);
    await harness.custody.as('bob').session(session.id).topUp('0.11', { reason: 'worth it' });
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect((await session.describe()).money).toMatchObject({ limit: 510_000, toppedUp: 110_000, missing: null });
    expect(await recordsOf(session)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('RUNNING -> PAUSED (budget): BUDGET_EXCEEDED'),
        'topped-up: by 0.11 USD to 0.51 USD: worth it',
      ]),
    );
  });

  test('where the profile wants it, others approve a top-up', async () => {
    const harness = await priced({ budgetLimit: 0.4 }, { approvals: { topUp: 1 } });
    const session = harness.custody.session(await harness.running());
    const call = session.call('journal.append', { text: 'x' }, { callId: 'a' });
    await harness.until(session.id, ({ state }) => state === 'PAUSED');
    const { approval } = await session.topUp('1', { reason: 'worth it' });
    const [asked] = await session.approvals.list();
    expect(asked).toMatchObject({ id: approval, kind: 'topUp', subject: { command: { microUsd: USD } } });
    expect((await session.describe()).money).toMatchObject({ limit: 400_000 });
    await harness.custody.as('bob').session(session.id).approvals.approve(asked!.id, asked!.digest);
    expect(await call).toMatchObject({ outcome: 'succeeded' });
  });

  test('what agents record draws on the same budget, by their word or by the price of the tokens', async () => {
    const harness = await priced({ budgetLimit: 5 });
    const session = harness.custody.session(await harness.running());
    const usage = { model: 'small', inputTokens: 1_000_000, outputTokens: 500_000, microUsd: 0 };
    await session.record({ kind: 'usage', text: 'summary', usage });
    expect((await session.describe()).money).toMatchObject({ spent: 3 * USD, free: 2 * USD });
    await session.record({ kind: 'usage', text: 'more', usage: { ...usage, microUsd: 2_000_001 } });
    const view = await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(view).toMatchObject({ cause: 'budget', money: { overrun: 1, missing: { callId: null, microUsd: 1 } } });
  });

  test('rules see what is spent, reserved and free', async () => {
    const rules = `@id("dear") forbid(principal, action == Action::"journal.append", resource)
      when { context.totals.reserved >= 510000 && context.totals has free && context.totals.free < 400000 };`;
    const harness = await priced({ budgetLimit: 0.9 }, {}, rules);
    const session = harness.custody.session(await harness.running());
    expect(await session.call('journal.append', { text: 'x' }, { callId: 'a' })).toMatchObject({
      outcome: 'refused',
      error: { code: 'POLICY_DENIED', rules: ['dear'] },
    });
    expect((await session.describe()).money).toMatchObject({ spent: 0, reserved: 0, free: 900_000 });
  });
});

describe('C3: alerts', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await priced(
      { budgetLimit: 10, costAlert: true, autoScale: true },
      { onCostAlert: [{ scaleDown: true }, { audit: true }, { notify: true }, { pause: false }] },
    );
  });

  test('are given once each, on record and as notices, and lower the calls at once until a top-up', async () => {
    const session = harness.custody.session(await harness.running());
    const spends = (microUsd: number) =>
      session.record({
        kind: 'usage',
        text: 'model',
        usage: { model: 'x', inputTokens: 0, outputTokens: 0, microUsd },
      });
    await spends(4 * USD);
    expect((await session.describe()).money).toMatchObject({ alerted: 0, callsAtOnce: 4 });
    await spends(4.5 * USD);
    expect((await session.describe()).money).toMatchObject({ alerted: 80, callsAtOnce: 1 });
    await session.topUp('90', { reason: 'more' });
    expect((await session.describe()).money).toMatchObject({ alerted: 0, callsAtOnce: 4 });
    const records = await recordsOf(session);
    for (const percent of [50, 80]) {
      const text = `8.5 USD are spent, ${percent} % or more of the budget of 10 USD`;
      expect(records.filter((each) => each === `cost-alert: ${text}`)).toHaveLength(1);
      expect(records.filter((each) => each === `notify: ${text}`)).toHaveLength(1);
    }
  });
});
