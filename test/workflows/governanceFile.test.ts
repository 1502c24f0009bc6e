import { resolve } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportOf } from '../../client/index.ts';
import { Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';
import { startTimeSkipping } from '../support/time/timeSkipping.ts';

const USD = 1_000_000;
const HOUR = 3_600_000;
/** Each call costs 100 USD of the 1,000 that the file allows. */
const DEAR = { calls: { 'journal.append': { call: 100 } } };

const environment: TestWorkflowEnvironment | undefined = await requireTool(
  'the test of the governance file',
  startTimeSkipping,
);

describe.skipIf(environment === undefined)('examples/governance.yaml', () => {
  const env = environment as TestWorkflowEnvironment;
  let harness: Harness;
  beforeAll(async () => {
    const profiles = { standard: resolve('examples/governance.yaml') };
    harness = await Harness.start({ address: env.address, config: { profiles, prices: DEAR } });
  });
  afterAll(async () => {
    await harness?.stop();
    await env?.teardown();
  });

  const recordsOf = async (id: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { kind, text } of harness.custody.session(id).watch({ follow: false }))
      found.push(`${kind}: ${text}`);
    return found;
  };

  test('L6, T2, C1, C3, C4, A7: governs a whole session, from alerts to reports', async () => {
    const overrides = { session: { agentHeartbeat: '10m' } };
    const { id } = await harness.custody.start(harness.spec({ overrides }));
    const session = harness.custody.session(id);
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await session.checkpoint('begun');

    // costAlert, scaleDown, audit, notify; no pause
    for (let n = 1; n <= 5; n += 1) await session.call('journal.append', { text: `${n}` }, { callId: `c${n}` });
    expect(await session.describe()).toMatchObject({ state: 'RUNNING', money: { alerted: 50, callsAtOnce: 2 } });

    // onRestart: restore, audit, notify, compliance
    await session.attach();
    await env.sleep('20m');
    expect(await session.describe()).toMatchObject({ state: 'RUNNING', restarts: 1 });

    // onTimeout: pause, audit, notify; gracePeriod, autoResume
    await env.sleep('23h');
    await env.sleep('50m');
    const grace = await harness.until(id, ({ state }) => state === 'PAUSED');
    expect(grace).toMatchObject({ cause: 'timeout' });
    expect((Date.parse(grace.graceUntil!) - Date.parse(grace.deadlineAt!)) / HOUR).toBeCloseTo(0.5, 1);
    await session.extend(2 * HOUR, { reason: 'the report is worth it' });
    await harness.until(id, ({ state }) => state === 'RUNNING');

    // a rollback by a person, after which a check is due
    await session.rollback({ to: 'begun', reason: 'wrong folder' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await session.resume();
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await session.complete({ reason: 'done' });
    const view = await session.wait();
    expect(view).toMatchObject({ state: 'COMPLETED' });

    // onReport: all four
    const records = await recordsOf(id);
    const withKind = (kind: string) => records.filter((each) => each.startsWith(`${kind}: `));
    expect(withKind('report').map((each) => each.split(':')[1])).toEqual([
      ' summary',
      ' audit',
      ' compliance',
      ' financial',
    ]);
    expect(withKind('cost-alert')).toHaveLength(1);
    expect(withKind('audit').length).toBeGreaterThanOrEqual(3);
    expect(withKind('notify').length).toBeGreaterThanOrEqual(4);
    expect(reportOf(view, 'summary').calls).toMatchObject({ taken: 5, outcomes: { succeeded: 5 } });
    const financial = reportOf(view, 'financial')!;
    expect(financial).toMatchObject({ limit: 1000 * USD, parts: { calls: 500 * USD } });
    expect(financial.parts.session / USD).toBeCloseTo(12, 0);
    expect(financial.parts.execution / USD).toBeCloseTo(24, 0);
    expect(financial.delays).toMatchObject({ timeout: { times: 1 }, restart: { times: 1 }, rollback: { times: 1 } });
    expect(financial.delays!.timeout.ms).toBeGreaterThan(0);
  });

  test('T2, C4: where nobody extends it, it ends, and what it did stays spent', async () => {
    const { id } = await harness.custody.start(harness.spec());
    const session = harness.custody.session(id);
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await session.call('journal.append', { text: 'half of it' }, { callId: 'a' });
    await env.sleep('26h');
    const view = await session.wait();
    expect(view).toMatchObject({ state: 'TIMEOUT', code: 'SESSION_TIMEOUT' });
    const { timeout } = reportOf(view, 'financial')!.delays!;
    expect(timeout.times).toBe(1);
    expect(timeout.ms / HOUR).toBeCloseTo(0.5, 2);
    expect(timeout.waiting / USD).toBeCloseTo(0.25, 2);
    expect(timeout.modelled / USD).toBeCloseTo(68, 0);
    expect(view.money!.spent / USD).toBeCloseTo(136.25, 1);
  });
});
