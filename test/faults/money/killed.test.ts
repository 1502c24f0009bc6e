import { describe, expect, test } from 'vitest';
import { judge, standing } from '../../support/judge.ts';
import type { Point } from '../../support/processes/workerProcess.ts';
import { Scene } from '../../support/scene.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

const USD = 1_000_000;
/** Of a call: its timeout is 10 s, so it may cost 0.51 USD. */
const MOST = 510_000;
const PRICES = { calls: { 'journal.append': { call: 0.01, second: 0.05 } } };
const TOOLS = { 'journal.append': { effect: 'irreversible', timeout: '10s' } };
const LAYERS = 'auditCost: 0, executionCost: 0, complianceCost: 0';

/** What the call costs at that point, whatever a person says of it. */
const KILLS: readonly { readonly at: Point; readonly then: 'succeeded' | 'in_doubt'; readonly knows: boolean }[] = [
  { at: 'before-mark', then: 'succeeded', knows: true },
  { at: 'after-mark', then: 'in_doubt', knows: false },
  { at: 'after-answer', then: 'in_doubt', knows: false },
];

const open = (budgetLimit: number): Promise<Scene> =>
  Scene.open({
    address: temporalAddress(),
    tools: TOOLS,
    config: { prices: PRICES },
    profile: { cost: `{ ${LAYERS}, budgetLimit: ${budgetLimit} }`, session: '{ timeout: 1h, autoResume: true }' },
  });

describe.concurrent('C2, L6: a worker killed between reservation and settlement', () => {
  test.for(KILLS)('at $at: no money is lost or spent twice', async ({ at, then, knows }, { onTestFinished }) => {
    const scene = await open(2);
    onTestFinished(() => scene.close());
    const first = await scene.worker({ fault: at });
    const id = await scene.session();
    const session = scene.custody.session(id);
    const answer = session.call('journal.append', { text: 'x' }, { callId: 'c' });
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL', struck: at });
    await scene.worker();
    await until('settled or in doubt', () => standing(scene, id, 'c'));
    expect(await standing(scene, id, 'c')).toBe(then);
    if (!knows) {
      expect((await session.describe()).money).toMatchObject({ spent: 0, reserved: MOST, free: 2 * USD - MOST });
      await session.resolve('c', 'succeeded', { reason: 'looked it up' });
    }
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    const { money } = await session.describe();
    expect(money).toMatchObject({ limit: 2 * USD, reserved: 0, overrun: 0, excess: 0 });
    expect(money?.byName['journal.append']?.microUsd).toBe(money?.spent);
    if (knows) expect(money?.spent).toBeLessThan(MOST);
    else expect(money?.spent).toBe(MOST);
    await judge(scene, id);
  });

  test('while a session waits for money: a top-up to the next worker brings it back, once', async ({
    onTestFinished,
  }) => {
    const scene = await open(0.2);
    onTestFinished(() => scene.close());
    const first = await scene.worker();
    const id = await scene.session();
    const session = scene.custody.session(id);
    const answer = session.call('journal.append', { text: 'x' }, { callId: 'c' });
    await until('it waits for money', async () => (await session.describe()).money?.missing ?? undefined);
    await first.kill();
    const paid = session.topUp('1', { reason: 'worth it', commandId: 'once' });
    await scene.worker();
    await paid;
    await session.topUp('1', { reason: 'worth it', commandId: 'once' });
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    expect((await session.describe()).money).toMatchObject({ limit: 1.2 * USD, toppedUp: USD, missing: null });
    expect(scene.journal.of(id, 'c')).toBe('begin end');
    await judge(scene, id);
  });
});
