import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';
import { startTimeSkipping } from '../support/time/timeSkipping.ts';

const environment: TestWorkflowEnvironment | undefined = await requireTool('the test of 30 days', startTimeSkipping);
const DAY = 24 * 60 * 60 * 1000;

describe.skipIf(environment === undefined)('L8: a session of 30 days', () => {
  const env = environment as TestWorkflowEnvironment;
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start({ address: env.address, profile: { session: { timeout: '30d' } } });
  });
  afterAll(async () => {
    await harness?.stop();
    await env?.teardown();
  });

  const sleepUntil = async (instant: number): Promise<void> => env.sleep(instant - (await env.currentTimeMs()));

  test('works each day, is paused over days, goes on in new runs, and ends at its deadline to the second', async () => {
    const { custody } = harness;
    const { id } = await custody.start(harness.spec(), { tuning: { eventsPerRun: 60 } });
    const { startedAt, deadlineAt } = await harness.until(id, ({ state }) => state === 'RUNNING');
    expect(Date.parse(deadlineAt ?? '') - Date.parse(startedAt)).toBe(30 * DAY);
    const made: string[] = [];
    for (let day = 0; day < 28; day += 1) {
      for (const part of ['morning', 'evening']) {
        made.push(`${day}-${part}`);
        expect(
          await custody.session(id).call('journal.append', { text: `${day} ${part}` }, { callId: `${day}-${part}` }),
        ).toMatchObject({ outcome: 'succeeded', attempts: 1 });
        await env.sleep('12h');
      }
      if (day % 7 !== 5) continue;
      await custody.session(id).pause({ reason: 'the weekend' });
      await env.sleep('48h');
      day += 2;
      expect(await custody.session(id).describe()).toMatchObject({ state: 'PAUSED', cause: 'operator', deadlineAt });
      await custody.session(id).resume();
      // Time passes only once the next run stands.
      await env.sleep('1m');
      expect(await custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    }
    const late = await custody.session(id).describe();
    expect(late).toMatchObject({ state: 'RUNNING', deadlineAt, restarts: 0 });
    expect(late.runs).toBeGreaterThan(5);
    expect(late.calls.map(({ callId }) => callId)).toEqual(made);
    expect(
      await custody.session(id).call('journal.append', { text: '0 morning' }, { callId: '0-morning' }),
    ).toMatchObject({
      outcome: 'succeeded',
    });
    expect(harness.journal().filter(({ phase }) => phase === 'begin')).toHaveLength(made.length);

    await sleepUntil(Date.parse(deadlineAt ?? '') - 10_000);
    expect(await custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    await env.sleep('20s');
    expect(await harness.until(id, ({ state }) => state !== 'RUNNING')).toMatchObject({
      state: 'PAUSED',
      cause: 'timeout',
    });
    await env.sleep('30m');
    expect(await harness.until(id, ({ outcome }) => outcome !== null)).toMatchObject({
      state: 'TIMEOUT',
      code: 'SESSION_TIMEOUT',
      deadlineAt,
    });
    const timeline = [];
    for await (const entry of custody.session(id).watch({ follow: false })) timeline.push(entry);
    const deadline = timeline.find(({ kind }) => kind === 'deadline');
    expect(Math.abs(Date.parse(String(deadline?.at)) - Date.parse(deadlineAt ?? ''))).toBeLessThan(1000);
    console.log(`30 days in ${late.runs} runs, ${made.length} calls`);
  }, 400_000);
});
