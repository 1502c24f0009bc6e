import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { openStage, type Stage } from '../stage.ts';

const MONEY = {
  prices: { calls: { 'journal.append': { call: 0.1 } } },
  budgets: { team: { limit: 0.1, per: 'month', timeZone: 'UTC', by: 'label:team' } },
  profiles: { standard: { cost: { auditCost: 0, executionCost: 0, complianceCost: 0 } } },
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    prepare: async ({ config }) => {
      const before = JSON.parse(await readFile(config, 'utf8')) as object;
      await writeFile(config, JSON.stringify({ ...before, ...MONEY }));
    },
  });
});
afterAll(() => stage?.end());

describe('U1, C2: custody budget', () => {
  test('list and show say how it stands, show of the session what is missing, and set lets it go on', async () => {
    const id = await stage.start({ labels: { team: 'pay' } });
    const session = stage.sdk.session(id);
    await session.call('journal.append', { text: 'x' }, { callId: 'a' });
    const call = session.call('journal.append', { text: 'y' }, { callId: 'b' });
    await until('it waits for money', async () => (await session.describe()).state === 'PAUSED');
    const { stdout: asSession } = await stage.run('show', id);
    expect(asSession).toContain('shared budget team/pay: 0.1 USD used of 0.1 USD leased, 0.1 USD missing');
    expect(asSession).toContain(`$ custody budget set team/pay --limit USD --reason "why"`);
    await until('it is listed', async () => (await stage.run('budget', 'list')).stdout.includes('team/pay'));
    const { stdout: json } = await stage.run('budget', 'show', 'team/pay', '--json');
    expect(JSON.parse(json)).toMatchObject({ id: 'team/pay', limit: 100_000, free: 0, isSet: false });
    const { code, stdout } = await stage.run('budget', 'set', 'team/pay', '--limit', '0.2', '--reason', 'one more');
    expect(code).toBe(0);
    expect(stdout).toContain('limit   0.2 USD, set for this period');
    expect(stdout).toMatch(/the limit of \d{4}-\d{2} is 0\.2 USD: one more \(by .*, claimed\)/);
    await session.resume({ reason: 'there is money' });
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    const { code: inUse, stderr } = await stage.run('budget', 'set', 'team/pay', '--release', id, '--reason', 'x');
    expect([inUse, stderr]).toEqual([1, expect.stringContaining('BUDGET_IN_USE')]);
  });

  test.each([
    [['show', 'nobody'], 1, 'BUDGET_NOT_FOUND'],
    [['set', 'team/pay', '--reason', 'x'], 2, 'Write one of --limit and --release.'],
    [['set', 'team/pay', '--limit', '0', '--reason', 'x'], 2, 'Write an amount in USD above 0'],
    [['set', 'team/pay', '--release', 'nobody', '--reason', 'x'], 1, 'BUDGET_LEASE_NOT_FOUND'],
  ])('%j is refused, and it is said why', async (args, code, text) => {
    const { code: is, stderr } = await stage.run('budget', ...args);
    expect([is, stderr]).toEqual([code, expect.stringContaining(text)]);
  });
});
