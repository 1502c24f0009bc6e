import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

describe('A1, U2: what a call was asked to do', () => {
  test('is told of the last calls, though they stand in runs before', async () => {
    const session = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 30 } });
    await harness.until(session.id, ({ state }) => state === 'RUNNING');
    for (let n = 0; n < 10; n += 1)
      await session.call('journal.append', { text: `text ${n}` }, { callId: `call-${n}` });
    const { view, calls } = await session.recentCalls(8);
    expect(view.runs).toBeGreaterThan(2);
    expect(calls.map(({ callId, asked }) => [callId, asked?.args])).toEqual(
      Array.from({ length: 8 }, (_, n) => [`call-${n + 2}`, { text: `text ${n + 2}` }]),
    );
  });

  test('is what it was made with, and not what was refused under its id', async () => {
    const session = harness.custody.session(await harness.running());
    const options = { callId: 'c' };
    await expect(session.call('journal.none', { text: 'harmless' }, options)).rejects.toMatchObject({
      code: 'UNKNOWN_TOOL',
    });
    await session.call('journal.append', { text: 'made' }, options);
    await expect(session.call('journal.append', { text: 'later' }, options)).rejects.toMatchObject({
      code: 'CALL_ID_REUSED',
    });
    expect((await session.callDetails('c')).asked?.args).toEqual({ text: 'made' });
    expect((await session.recentCalls()).calls.map(({ asked }) => asked?.args)).toEqual([{ text: 'made' }]);
  });

  test('is told of a call that waits and was not begun', async () => {
    const session = harness.custody.session(await harness.running());
    await session.pause({ reason: 'lunch' });
    await expect(session.call('journal.append', { text: 'later' }, { callId: 'c', wait: false })).rejects.toMatchObject(
      {
        code: 'CALL_PARKED',
      },
    );
    expect((await session.recentCalls()).calls).toMatchObject([{ callId: 'c', asked: { args: { text: 'later' } } }]);
    expect(await session.callDetails('c')).toMatchObject({ asked: { args: { text: 'later' } }, answer: null });
  });
});
