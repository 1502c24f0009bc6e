import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newDeploymentKey } from '../../../keys/key.ts';
import { BUDGET_TYPE, budgetWorkflowId, drawUpdate } from '../../../workflows/budget/messages.ts';
import { Harness } from '../../support/harness.ts';

/** A call costs 0.1 USD. */
const CALL = 100_000;
const TEAM = { limit: 0.3, per: 'total', slice: 0.1 };

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({
    worker: { deployment: { keys: [newDeploymentKey()], encryption: 'off' } },
    profile: { cost: { auditCost: 0, executionCost: 0, complianceCost: 0 } },
    config: { prices: { calls: { 'journal.append': { call: 0.1 } } }, budgets: { team: TEAM } },
  });
});
afterAll(() => harness?.stop());

describe('C1, A5: with a deployment key', () => {
  test('a budget hears workers of the deployment alone, and begins by their word alone', async () => {
    const { workflow } = harness.custody.temporal;
    const workflowId = budgetWorkflowId(harness.custody.taskQueue, 'team');
    const period = { key: 'total', from: 0, until: null };
    const terms = { limit: 1_000_000_000, per: 'total' };
    // Somebody is first, with a limit of their own; and again, once it was terminated.
    const rogue = await workflow.start(BUDGET_TYPE, {
      workflowId,
      taskQueue: harness.custody.taskQueue,
      args: [{ id: 'team', terms, period }],
    });
    await expect(rogue.result()).rejects.toMatchObject({ cause: { type: 'NOT_AUTHENTICATED' } });

    const session = harness.custody.session(await harness.running());
    const append = (callId: string) => session.call('journal.append', { text: callId }, { callId });
    expect(await append('a')).toMatchObject({ outcome: 'succeeded' });
    const draw = { session: session.id, n: 99, used: 0, before: 0, want: 0, least: 0, ends: true, now: null };
    await expect(workflow.getHandle(workflowId).executeUpdate(drawUpdate, { args: [draw] })).rejects.toMatchObject({
      cause: { type: 'NOT_AUTHENTICATED' },
    });
    await workflow.getHandle(workflowId).terminate('to begin it anew');
    const again = await workflow.start(BUDGET_TYPE, {
      workflowId,
      taskQueue: harness.custody.taskQueue,
      args: [{ id: 'team', terms, period }],
    });
    await expect(again.result()).rejects.toMatchObject({ cause: { type: 'NOT_AUTHENTICATED' } });
    expect(await append('b')).toMatchObject({ outcome: 'succeeded' });
    expect(await append('c')).toMatchObject({ outcome: 'succeeded' });
    const late = append('d').catch(() => undefined);
    await harness.until(session.id, ({ state, cause }) => state === 'PAUSED' && cause === 'budget');
    expect(await harness.custody.budgets.describe('team')).toMatchObject({ limit: 3 * CALL, spent: 3 * CALL, free: 0 });
    await session.cancel({ reason: 'enough' });
    await late;
  });
});
