import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../client/index.ts';
import { eventually, Harness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('what is asked with a signal has one listener on it, however much it is, and leaves none', async () => {
  const { signal } = new AbortController();
  const session = harness.custody.session(await harness.running());
  const seen: Entry[] = [];
  let most = 0;
  const watching = (async () => {
    for await (const entry of session.watch({ signal })) {
      seen.push(entry);
      most = Math.max(most, listeners(signal));
    }
  })();
  for (let n = 0; n < 5; n += 1) {
    await session.call('journal.append', { text: `${n}` }, { signal, callId: `c${n}` });
    await session.answer(`c${n}`, { signal });
  }
  await session.pause();
  const waiting = Array.from({ length: 25 }, (_, n) => session.call('journal.append', { text: `${n}` }, { signal }));
  await harness.until(session.id, ({ openCalls }) => openCalls.length === 25);
  await session.resume();
  await Promise.all(waiting);
  await session.complete();
  await watching;
  expect(seen.filter(({ kind }) => kind === 'attempt').length).toBeGreaterThan(25);
  expect(most).toBe(1);
  expect(listeners(signal)).toBe(0);
});

describe('an aborted signal', () => {
  test.each([
    ['AbortError', undefined],
    ['a reason of its own', new Error('the user left')],
  ] as const)(
    'ends a call at once with %s; the call goes on in the session, and its answer can be had',
    async (_, reason) => {
      const session = harness.custody.session(await harness.running());
      const life = new AbortController();
      const call = session.call('journal.append', { text: 'on', delayMs: 3000 }, { callId: 'c', signal: life.signal });
      const failed = call.catch((error: unknown) => error);
      await harness.until(session.id, ({ openCalls }) => openCalls[0]?.phase === 'running');
      const answer = session.answer('c', { signal: life.signal }).catch((error: unknown) => error);
      life.abort(reason);
      expect(await failed).toBe(life.signal.reason);
      expect(await answer).toBe(life.signal.reason);
      if (!reason) expect(life.signal.reason).toMatchObject({ name: 'AbortError' });
      expect((await session.describe()).openCalls).toMatchObject([{ callId: 'c', phase: 'running' }]);
      expect(await session.answer('c')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    },
  );

  test('ends a call that waits, and watching, which ends without an error', async () => {
    const session = harness.custody.session(await harness.running());
    await session.pause();
    const life = new AbortController();
    const call = session.call('journal.append', { text: 'waits' }, { signal: life.signal });
    const failed = call.catch((error: unknown) => error);
    await harness.until(session.id, ({ openCalls }) => openCalls.length === 1);
    const seen: Entry[] = [];
    const watching = (async () => {
      for await (const entry of session.watch({ signal: life.signal })) seen.push(entry);
    })();
    await eventually(() => seen.some(({ kind }) => kind === 'command') || undefined, 'it is watched');
    life.abort();
    await watching;
    expect(await failed).toBe(life.signal.reason);
    expect(listeners(life.signal)).toBe(0);
    for await (const entry of session.watch({ signal: life.signal })) expect(entry).toBeUndefined();
    await expect(session.call('journal.append', { text: 'not' }, { signal: life.signal })).rejects.toBe(
      life.signal.reason,
    );
    expect((await session.describe()).openCalls).toHaveLength(1);
  });
});
