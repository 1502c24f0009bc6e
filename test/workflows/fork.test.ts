import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Harness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const running = (spec = {}): Promise<string> => harness.running(spec);
const append = (id: string, callId: string) =>
  harness.custody.session(id).call('journal.append', { text: callId }, { callId });
const checkpoint = (id: string, name: string) =>
  harness.custody.temporal.workflow.getHandle(id).executeUpdate('checkpoint', { args: [{ actor: 'tester', name }] });
const begun = (id: string, callId: string): number =>
  harness.journal().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey === `${id}/${callId}`)
    .length;
const kinds = async (id: string) => {
  const found = [];
  for await (const { kind, text, by } of harness.custody.session(id).watch({ follow: false }))
    found.push({ kind, text, by });
  return found;
};

describe('L9: a fork', () => {
  test(
    'goes on from a checkpoint beside its parent, with its deadline and agent ' + 'state; both have it on record',
    async () => {
      const id = await running();
      await append(id, 'a');
      await harness.custody.session(id).saveState({ page: 3 });
      await checkpoint(id, 'one');
      await harness.custody.session(id).saveState({ page: 9 });
      await append(id, 'b');
      const parent = await harness.custody.session(id).describe();
      const forks = await Promise.all(
        ['x', 'y'].map((name) =>
          harness.custody
            .as('ann')
            .session(id)
            .fork({ at: 'one', id: `${id}-${name}`, reason: `try ${name}` })
            .then(({ id }) => id),
        ),
      );
      for (const fork of forks) {
        const view = await harness.until(fork, ({ state }) => state === 'RUNNING');
        expect(view).toMatchObject({
          parent: { id, at: 'one' },
          deadlineAt: parent.deadlineAt,
          used: { calls: 2 },
          calls: [],
        });
        expect((await harness.custody.session(fork).attach()).agentState).toMatchObject({ page: 3 });
        expect(await append(fork, 'a')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
        expect(await kinds(fork)).toContainEqual({
          kind: 'forked',
          text: expect.stringContaining(`from checkpoint one of ${id}: try`),
          by: 'ann',
        });
      }
      expect([id, ...forks].map((each) => begun(each, 'a'))).toEqual([1, 1, 1]);
      await eventually(
        async () => (await kinds(id)).filter(({ kind }) => kind === 'forked-into').length === 2 || undefined,
        'on record of the parent',
      );
      expect(await kinds(id)).toContainEqual({
        kind: 'forked-into',
        text: `into ${id}-x at checkpoint one: try x`,
        by: 'ann',
      });
      await harness.custody.session(id).complete();
      await harness.custody.session(id).wait();
      expect(await harness.custody.session(forks[0] as string).describe()).toMatchObject({ state: 'RUNNING' });
    },
  );

  test('of a plan goes on after the checkpoint, from a parent that has ended too', async () => {
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.upsert', as: 'set', args: { key: 'k', value: 'v' } },
          { checkpoint: 'set-up' },
          { call: 'journal.append', args: { text: '${set.content.0.text}' } },
        ],
      }),
    );
    await harness.custody.session(id).wait();
    const { id: fork } = await harness.custody.session(id).fork({ at: 'set-up', reason: 'once more' });
    expect(await harness.custody.session(fork).wait()).toMatchObject({
      state: 'COMPLETED',
      parent: { id, at: 'set-up' },
      calls: [{ callId: 'plan/3', outcome: 'succeeded' }],
    });
    expect([begun(fork, 'plan/set'), begun(fork, 'plan/3')]).toEqual([0, 1]);
  });

  test('is refused by code, and leaves no session behind that runs', async () => {
    const id = await running();
    await checkpoint(id, 'one');
    await expect(harness.custody.session(id).fork({ at: 'two', reason: 'x' })).rejects.toMatchObject({
      code: 'CHECKPOINT_NOT_FOUND',
      message: expect.stringContaining('it has one'),
    });
    await expect(harness.custody.session('no-such-session').fork({ at: 'one', reason: 'x' })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    await expect(harness.custody.session(id).fork({ at: 'one', id, reason: 'x' })).rejects.toMatchObject({
      code: 'SESSION_EXISTS',
    });
    const short = await running({ overrides: { session: { timeout: '15s', gracePeriod: '5m' } } });
    await checkpoint(short, 'one');
    await harness.until(short, ({ cause }) => cause === 'timeout');
    await expect(harness.custody.session(short).fork({ at: 'one', reason: 'x' })).rejects.toMatchObject({
      code: 'DEADLINE_PASSED',
    });
  });

  test.each([
    ['no object', { fork: 'all' }],
    ['no parent', { fork: { at: 'one', by: { actor: 'ann', reason: 'x' } } }],
    ['no checkpoint', { fork: { parent: 'p', at: '../x', by: { actor: 'ann', reason: 'x' } } }],
    ['nobody', { fork: { parent: 'p', at: 'one' } }],
    ['the session itself', { fork: { parent: 'p', at: 'one', by: { actor: 'custody', reason: 'x' } } }],
    [
      'a state of its own',
      {
        fork: { parent: 'p', at: 'one', by: { actor: 'ann', reason: 'x' } },
        carried: { session: {}, record: 0, runs: 1 },
      },
    ],
  ])('started by hand with %s is no session', async (_, input) => {
    const id = `hostile-${Math.random()}`;
    await harness.custody.temporal.workflow.start('custodySession', {
      workflowId: id,
      taskQueue: harness.custody.taskQueue,
      args: [input],
    });
    await expect(harness.custody.temporal.workflow.getHandle(id).result()).rejects.toMatchObject({
      cause: { type: 'SPEC_INVALID' },
    });
  });

  test('that somebody invents is refused on record of the parent, and changes nothing', async () => {
    const id = await running();
    for (const input of [undefined, 'x', { fork: 7 }, { fork: 'f', at: 'one', actor: 'custody' }])
      await harness.custody.temporal.workflow.getHandle(id).signal('forked', input);
    await eventually(
      async () =>
        (await kinds(id)).filter(({ kind, text }) => kind === 'refused' && text.startsWith('forked: MALFORMED_COMMAND'))
          .length === 4 || undefined,
      'refused',
    );
    expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
  });
});
