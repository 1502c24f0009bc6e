import { afterEach, describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { budgetWorkflowId } from '../../../workflows/budget/messages.ts';
import { Harness } from '../../support/harness.ts';
import { resetSession } from '../../support/reset.ts';
import { until } from '../../support/until.ts';

/** A call costs 0.1 USD, and no more. */
const PRICES = { calls: { 'journal.append': { call: 0.1 } } };
const CALL = 100_000;
const LAYERS = { auditCost: 0, executionCost: 0, complianceCost: 0 };

const started: Harness[] = [];
const shared = async (budgets: object, more: object = {}, worker: object = {}): Promise<Harness> => {
  const harness = await Harness.start({
    profile: { cost: LAYERS, ...more },
    tools: { 'journal.append': { effect: 'irreversible', timeout: '10s' } },
    config: { prices: PRICES, budgets },
    worker,
  });
  started.push(harness);
  return harness;
};
afterEach(async () => {
  for (const harness of started.splice(0)) await harness.stop();
});

const append = (session: SessionHandle, callId: string) => session.call('journal.append', { text: callId }, { callId });
const made = (harness: Harness): number => harness.journal().filter(({ phase }) => phase === 'begin').length;
const TEAM = { limit: 0.5, per: 'total', slice: 0.1 };

describe('C1, C2: sessions share a budget', () => {
  test('as many calls are made as it pays for; the next pauses its session until the limit is set', async () => {
    const harness = await shared({ team: TEAM });
    const ids = await Promise.all([harness.running(), harness.running()]);
    const sessions = ids.map((id) => harness.custody.session(id));
    for (let n = 0; n < 5; n += 1)
      expect(await append(sessions[n % 2]!, `c${n}`)).toMatchObject({ outcome: 'succeeded' });
    const [first, second] = sessions as [SessionHandle, SessionHandle];
    const waiting = append(first, 'more');
    const paused = await harness.until(first.id, ({ state }) => state === 'PAUSED');
    expect(paused).toMatchObject({ cause: 'budget', money: { shared: [{ budget: 'team', missing: CALL }] } });
    expect(paused.reason).toBe(
      'BUDGET_EXCEEDED: journal.append (more) may cost up to 0.1 USD; of the shared budget ' +
        "'team' of 0.5 USD are 0 USD free: 0.1 USD are missing.",
    );
    expect(made(harness)).toBe(5);
    expect(await harness.custody.budgets.describe('team')).toMatchObject({ limit: 5 * CALL, spent: 5 * CALL, free: 0 });
    // Resumed without more money it asks again, and stops again.
    await first.resume({ reason: 'perhaps' });
    await harness.until(first.id, ({ state, cause }) => state === 'PAUSED' && cause === 'budget');
    expect(made(harness)).toBe(5);
    const set = await harness.custody.budgets.setLimit('team', '0.6', { reason: 'one more' });
    expect(set).toMatchObject({ limit: 6 * CALL, isSet: true, notes: [{ actor: 'tester', reason: 'one more' }] });
    await first.resume({ reason: 'there is money' });
    expect(await waiting).toMatchObject({ outcome: 'succeeded' });
    for (const session of [first, second]) {
      await session.complete();
      await session.wait();
    }
    expect(await harness.custody.budgets.describe('team')).toMatchObject({ spent: 6 * CALL, leased: 0, leases: [] });
    expect(made(harness)).toBe(6);
  });

  test('a budget with a pot for each agent, for a day: nobody draws on the pot of another', async () => {
    const by = { limit: 0.1, per: 'day', timeZone: 'Pacific/Auckland', by: 'agent' };
    const harness = await shared({ daily: by, others: { ...TEAM, for: { profiles: ['another'] } } });
    const [a, b] = await Promise.all(
      ['ann', 'bob'].map(async (id) => harness.custody.session(await harness.running({ agent: { id, version: '1' } }))),
    );
    expect(await append(a!, 'x')).toMatchObject({ outcome: 'succeeded' });
    expect(await append(b!, 'x')).toMatchObject({ outcome: 'succeeded' });
    const late = append(a!, 'y').catch(() => undefined);
    const { reason } = await harness.until(a!.id, ({ state }) => state === 'PAUSED');
    expect(reason).toMatch(
      /shared budget 'daily\/ann' of 0\.1 USD are 0 USD free, until \d{4}-.*: 0\.1 USD are missing/,
    );
    const all = await until('both are listed', async () => {
      const { budgets } = await harness.custody.budgets.list();
      return budgets.length === 2 && budgets;
    });
    expect(all.map(({ id, spent, leased, timeZone }) => [id, spent + leased, timeZone])).toEqual([
      ['daily/ann', CALL, 'Pacific/Auckland'],
      ['daily/bob', CALL, 'Pacific/Auckland'],
    ]);
    await harness.custody.session(a!.id).cancel({ reason: 'enough' });
    await late;
  });

  test('two budgets at once: both must grant, else what one granted is given back', async () => {
    const harness = await shared({ large: { ...TEAM, limit: 1 }, small: { ...TEAM, limit: 0.1 } });
    const session = harness.custody.session(await harness.running());
    expect(await append(session, 'a')).toMatchObject({ outcome: 'succeeded' });
    const late = append(session, 'b').catch(() => undefined);
    await harness.until(session.id, ({ state }) => state === 'PAUSED');
    await until('the rest is given back', async () => {
      const { leased, spent } = await harness.custody.budgets.describe('large');
      return leased === 0 && spent === CALL;
    });
    await session.cancel({ reason: 'enough' });
    await late;
  });
});

describe('C1, L6: a shared budget in Temporal', () => {
  test('terminated in mid-life it begins again with what it knew, and not at zero', async () => {
    const harness = await shared({ team: { ...TEAM, limit: 0.3 } });
    const session = harness.custody.session(await harness.running());
    expect(await append(session, 'a')).toMatchObject({ outcome: 'succeeded' });
    const id = budgetWorkflowId(harness.custody.taskQueue, 'team');
    await until('it has its next slice', async () => (await harness.custody.budgets.describe('team')).leased > 0);
    await harness.custody.temporal.workflow.getHandle(id).terminate('by mistake');
    expect(await append(session, 'b')).toMatchObject({ outcome: 'succeeded' });
    expect(await append(session, 'c')).toMatchObject({ outcome: 'succeeded' });
    const late = append(session, 'd').catch(() => undefined);
    await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(made(harness)).toBe(3);
    const view = await until('it is asked again', () =>
      harness.custody.budgets.describe('team').catch(() => undefined),
    );
    expect(view).toMatchObject({ spent: 3 * CALL, free: 0 });
    await session.cancel({ reason: 'enough' });
    await late;
  });

  test('reset in Temporal it does not go on from what it knew then', async () => {
    const harness = await shared({ team: { ...TEAM, limit: 0.3 } });
    const session = harness.custody.session(await harness.running());
    expect(await append(session, 'a')).toMatchObject({ outcome: 'succeeded' });
    expect(await append(session, 'b')).toMatchObject({ outcome: 'succeeded' });
    const id = budgetWorkflowId(harness.custody.taskQueue, 'team');
    await resetSession(harness.custody.temporal, id, ([first]) => first);
    expect(await append(session, 'c')).toMatchObject({ outcome: 'succeeded' });
    const late = append(session, 'd').catch(() => undefined);
    await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(made(harness)).toBe(3);
    await session.cancel({ reason: 'enough' });
    await late;
  });

  test('a session that is terminated keeps what it had, until a person frees it', async () => {
    const harness = await shared({ team: { ...TEAM, limit: 0.2, slice: 0.2 } });
    const first = harness.custody.session(await harness.running());
    expect(await append(first, 'a')).toMatchObject({ outcome: 'succeeded' });
    await expect(harness.custody.budgets.release('team', first.id, { reason: 'x' })).rejects.toMatchObject({
      code: 'BUDGET_IN_USE',
    });
    await harness.custody.temporal.workflow.getHandle(first.id).terminate('by mistake');
    const second = harness.custody.session(await harness.running());
    const waiting = append(second, 'b');
    await harness.until(second.id, ({ state }) => state === 'PAUSED');
    const freed = await harness.custody.budgets.release('team', first.id, { reason: 'it made one call' });
    expect(freed.leases.find(({ session }) => session === first.id)).toMatchObject({ leased: 0, released: true });
    await second.resume({ reason: 'there is money' });
    expect(await waiting).toMatchObject({ outcome: 'succeeded' });
  });
});
