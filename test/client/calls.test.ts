import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { historyOf } from '../../client/temporal/history.ts';
import { Custody } from '../../client/index.ts';
import { eventually, Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ profile: { session: { whilePaused: 'refuse' } } });
});
afterAll(() => harness?.stop());

/** Updates of a name in the history of a session, over all its runs. */
async function updates(id: string, name: string): Promise<number> {
  let count = 0;
  for await (const { event } of historyOf(harness.custody.temporal, id, false))
    if (event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name === name) count += 1;
  return count;
}

describe('E4: a repeat of a call', () => {
  test('by another client, while the call is under way, joins it: no second event', async () => {
    const id = await harness.running();
    const args = { text: 'once', delayMs: 500 };
    const other = await Custody.connect({
      address: temporalAddress(),
      actor: 'tester',
      taskQueue: harness.custody.taskQueue,
    });
    const first = harness.custody.session(id).call('journal.append', args, { callId: 'once' });
    await eventually(() => harness.journal().some(({ args: { text } }) => text === 'once') || undefined, 'it runs');
    const second = await other.session(id).call('journal.append', args, { callId: 'once' });
    expect(await first).toEqual(second);
    expect(await other.session(id).call('journal.append', args, { callId: 'once' })).toEqual(second);
    expect(await updates(id, 'call')).toBe(1);
    await other.close();
  });

  test('with other arguments is another ask, which the session refuses', async () => {
    const session = harness.custody.session(await harness.running());
    await session.call('journal.append', { text: 'one' }, { callId: 'c' });
    await expect(session.call('journal.append', { text: 'two' }, { callId: 'c' })).rejects.toMatchObject({
      code: 'CALL_ID_REUSED',
    });
    await expect(session.call('journal.upsert', { text: 'one' }, { callId: 'c' })).rejects.toMatchObject({
      code: 'CALL_ID_REUSED',
    });
  });

  test('that was refused is decided anew, and once where nothing was asked before', async () => {
    const id = await harness.running();
    const session = harness.custody.session(id);
    await session.pause();
    const ask = () => session.call('journal.append', { text: 'later' }, { callId: 'c' });
    await expect(ask()).rejects.toMatchObject({ code: 'SESSION_PAUSED' });
    expect(await updates(id, 'call')).toBe(1);
    await expect(ask()).rejects.toMatchObject({ code: 'SESSION_PAUSED' });
    await session.resume();
    expect(await ask()).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  });
});

test.each(['', 'x'.repeat(1001)])(
  'L1: an id of %#, of no or too many characters, is refused for what it is',
  async (id) => {
    const refused = { code: 'MALFORMED_COMMAND', message: expect.stringMatching(/of 1 to 200 characters/) as string };
    await expect(harness.custody.start(harness.spec(), { id })).rejects.toMatchObject(refused);
    const parent = harness.custody.session('nobody');
    await expect(parent.fork({ at: 'start', id })).rejects.toMatchObject(refused);
  },
);

describe('E4: a call that waits', () => {
  test('listens to the history: no question while nothing happens, no event, no worker', async () => {
    const own = await Harness.start();
    const client = await Custody.connect({ address: temporalAddress(), taskQueue: own.custody.taskQueue });
    try {
      const id = await own.running();
      await own.custody.session(id).pause();
      const questions = vi.spyOn(client.temporal.workflowService, 'queryWorkflow');
      const polls = vi.spyOn(client.temporal.workflowService, 'getWorkflowExecutionHistory');
      const answers = ['a', 'b'].map((callId) =>
        client.session(id).call('journal.append', { text: callId }, { callId }),
      );
      for (const answer of answers) answer.catch(() => undefined);
      await own.until(id, ({ openCalls }) => openCalls.length === 2);
      await eventually(() => polls.mock.calls.length > 0 || undefined, 'it listens');
      const written = async () => (await own.custody.temporal.workflow.getHandle(id).describe()).historyLength;
      // Temporal ends a poll with an event, and after 20 s without one; and the next one follows.
      const nextPoll = async (): Promise<void> => {
        const before = polls.mock.calls.length;
        await eventually(() => polls.mock.calls.length > before || undefined, 'the next poll', 50_000);
      };
      // What was written before the first poll is heard by its end; so nothing is, where the second brings nothing.
      for (let known = 0; known !== (await written());) {
        known = await written();
        await nextPoll();
        await nextPoll();
      }
      await own.stopWorker();
      const asked = questions.mock.calls.length;
      const before = await written();
      await nextPoll();
      expect(questions.mock.calls.length).toBe(asked);
      expect(await written()).toBe(before);

      await own.startWorker();
      await own.custody.session(id).resume();
      for (const answer of answers) expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    } finally {
      await client.close();
      await own.stop();
    }
  });

  test('is asked for where its own attempt has ended, and not for those of other calls', async () => {
    const own = await Harness.start();
    const client = await Custody.connect({ address: temporalAddress(), taskQueue: own.custody.taskQueue });
    try {
      const id = await own.running();
      await own.custody.session(id).pause();
      const answer = client.session(id).call('journal.append', { text: 'x', delayMs: 500 }, { callId: 'x' });
      await own.until(id, ({ openCalls }) => openCalls.length === 1);
      await own.custody.session(id).resume();
      const questions = vi.spyOn(client.temporal.workflowService, 'queryWorkflow');
      await eventually(() => own.journal().some(({ args }) => args['text'] === 'x') || undefined, 'it runs');
      for (let n = 0; n < 10; n += 1) await own.custody.session(id).call('journal.lookup', { key: String(n) });
      expect(await answer).toMatchObject({ outcome: 'succeeded' });
      expect(questions.mock.calls.length).toBeLessThanOrEqual(5);
    } finally {
      await client.close();
      await own.stop();
    }
  });

  test('fails with SESSION_LOST where its session is terminated', async () => {
    const own = await Harness.start();
    try {
      const id = await own.running();
      await own.custody.session(id).pause();
      const answer = own.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'x' });
      const failed = answer.catch((error: unknown) => error);
      await own.until(id, ({ openCalls }) => openCalls.length === 1);
      await own.custody.temporal.workflow.getHandle(id).terminate('by mistake');
      expect(await failed).toMatchObject({ code: 'SESSION_LOST' });
    } finally {
      await own.stop();
    }
  });
});

test('U2: a client under another name asks on the same connection, and is on record as that', async () => {
  const bob = harness.custody.as('bob');
  const session = await bob.start(harness.spec(), { reason: 'a try' });
  expect(session.id).toMatch(/^session-[0-9a-f]{16}$/);
  await harness.until(session.id, ({ state }) => state === 'RUNNING');
  await session.checkpoint('here');
  await bob.session(session.id).call('journal.append', { text: 'bob' }, { callId: 'b' });
  await harness.custody.session(session.id).call('journal.append', { text: 'tester' }, { callId: 't' });
  const view = await session.describe();
  expect(view.calls).toMatchObject([
    { callId: 'b', actor: 'bob' },
    { callId: 't', actor: 'tester' },
  ]);
  expect(view.checkpoints).toMatchObject([{ name: 'here' }]);
  const said = [];
  for await (const { kind, by } of session.watch({ follow: false })) if (kind === 'checkpoint') said.push(by);
  expect(said).toEqual(['bob']);
});
