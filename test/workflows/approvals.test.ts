import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../client/index.ts';
import { Harness } from '../support/harness.ts';

const codePath = fileURLToPath(new URL('../../dist/workflows/bundle.cjs', import.meta.url));

const RULES = `
@id("appends") @approval @expires("2d") @says("Appends are looked at by a person.")
forbid(principal, action == Action::"journal.append", resource);
`;

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start({ rules: RULES });
});
afterEach(() => harness?.stop());

const bob = (id: string): SessionHandle => harness.custody.as('bob').session(id);
const begun = () => harness.journal().filter(({ phase }) => phase === 'begin').length;
const workflow = (id: string) => harness.custody.temporal.workflow.getHandle(id);

/** A call that waits for approval, and what persons are asked. */
async function asking(id: string) {
  const call = harness.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'a' });
  call.catch(() => undefined);
  const { approvals } = await harness.until(id, (view) => view.approvals.length > 0, 'somebody is asked');
  return { call, approval: approvals[0]! };
}

describe('P3: what persons are asked waits for them', () => {
  test('over the runs of a session: the same approval, with its digest and its end, approves one call', async () => {
    const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 40 } });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    const { call, approval } = await asking(id);
    const { runs } = await harness.custody.session(id).describe();
    for (let index = 0; index < 30; index += 1) await workflow(id).signal('noise', index);
    const after = await harness.until(id, (view) => view.runs > runs, 'the next run has begun');
    expect(after.approvals).toEqual([approval]);
    expect(await bob(id).approvals.show('a1')).toMatchObject({
      call: { args: { text: 'x' }, effect: 'irreversible', description: 'Appends a text. Cannot be undone.' },
      policy: { files: [{ text: RULES }] },
    });
    await bob(id).approvals.approve('a1', approval.digest);
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect(begun()).toBe(1);
  });

  test('a fork asks nothing, and its own calls ask anew', async () => {
    const id = await harness.running();
    await harness.custody.session(id).checkpoint('one');
    const { call, approval } = await asking(id);
    const fork = await harness.custody.session(id).fork({ at: 'one', reason: 'another way' });
    const view = await harness.until(fork.id, ({ state }) => state === 'RUNNING');
    expect(view).toMatchObject({ approvals: [], openCalls: [] });
    await expect(bob(fork.id).approvals.approve('a1', approval.digest)).rejects.toMatchObject({
      code: 'APPROVAL_NOT_FOUND',
    });
    const own = await asking(fork.id);
    expect(own.approval).toMatchObject({ id: 'a1', subject: approval.subject });
    // The same call of another session is another thing.
    await expect(bob(fork.id).approvals.approve('a1', approval.digest)).rejects.toMatchObject({
      code: 'APPROVAL_DIFFERS',
    });
    await bob(fork.id).approvals.approve('a1', own.approval.digest);
    expect(await own.call).toMatchObject({ outcome: 'succeeded' });
    expect(begun()).toBe(1);
    await bob(id).approvals.reject('a1', { reason: 'the fork did it' });
    expect(await call).toMatchObject({ error: { code: 'APPROVAL_REJECTED' } });
    expect(begun()).toBe(1);
  });

  test('a session that is recovered still asks; approved, the call is made once it goes on', async () => {
    const id = await harness.running();
    const { approval } = await asking(id);
    await workflow(id).terminate('pressed the wrong button');
    const view = await harness.custody.session(id).recover({ reason: 'by mistake' });
    expect(view).toMatchObject({ state: 'PAUSED' });
    expect((await harness.custody.session(id).describe()).approvals).toEqual([approval]);
    const again = harness.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'a' });
    await bob(id).approvals.approve('a1', approval.digest);
    expect(begun()).toBe(0);
    await harness.custody.session(id).resume({ reason: 'it is well' });
    expect(await again).toMatchObject({ outcome: 'succeeded' });
    await expect(bob(id).approvals.approve('a1', approval.digest)).rejects.toMatchObject({ code: 'APPROVAL_ENDED' });
    expect(begun()).toBe(1);
    await Worker.runReplayHistory({ workflowBundle: { codePath } }, await workflow(id).fetchHistory(), id);
  });

  test('all sessions are asked what they ask; one whose worker is away is named', async () => {
    const id = await harness.running();
    await asking(id);
    const found = () => harness.custody.approvals();
    await expect
      .poll(async () => (await found()).approvals.map(({ session }) => session), { timeout: 20_000 })
      .toContain(id);
    await harness.stopWorker();
    expect((await found()).unanswered).toContainEqual({
      session: id,
      code: expect.stringMatching(/^(NO_WORKER|TEMPORAL_UNAVAILABLE)$/),
      message: expect.any(String),
    });
    await harness.startWorker();
  });
});
