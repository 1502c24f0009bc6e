import { describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { harness, payload, json, signal, session, refusals, livesOn, goOn, NONSENSE } from './raw.ts';

describe('U4, L3: a signal that makes no sense is refused on record, and the session goes on', () => {
  test('whatever its payload is', async () => {
    // Fewer in a row than make a caller wait, of whom no more is on record than a number.
    for (let from = 0; from < NONSENSE.length; from += 8) {
      const some = NONSENSE.slice(from, from + 8);
      const id = await session();
      for (const [, payloads] of some) await signal(id, 'pause', ...payloads);
      await until('all refused', async () => (await refusals(id)).length >= some.length);
      const found = await refusals(id);
      expect(found.filter((text) => text.startsWith('pause: MALFORMED_COMMAND: pause: '))).toHaveLength(some.length);
      await livesOn(id);
    }
  });

  test('an empty list of payloads, and a null, are a command without who and why', async () => {
    const id = await session();
    for (const payloads of [[], [payload(null, 'binary/null')], [json(null)]]) {
      await signal(id, 'pause', ...payloads);
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'operator',
        reason: '(no reason given)',
      });
      await harness.custody.session(id).resume();
      await harness.until(id, ({ state }) => state === 'RUNNING');
    }
    await livesOn(id);
  });

  test('whatever its name is', async () => {
    const id = await session();
    const names = [
      'dance',
      '__proto__',
      'constructor',
      '__stack_trace',
      'call',
      'PAUSE',
      ' pause',
      '\u0000',
      '\u202eesuap',
      'x'.repeat(900),
    ];
    for (const name of names) await signal(id, name, json({ reason: 'x' }));
    await until('all refused', async () => (await refusals(id)).length >= names.length);
    expect((await refusals(id)).every((text) => text.includes('UNKNOWN_COMMAND: there is no signal'))).toBe(true);
    await livesOn(id);
  });

  test('even a name that Temporal keeps for itself', async () => {
    const id = await session();
    await signal(id, '__temporal_dance', json({ reason: 'x' }));
    await until('refused', async () => (await refusals(id)).some((text) => text.includes('__temporal_dance')));
    await livesOn(id);
  });

  test('200 at once', async () => {
    const id = await session();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        signal(
          id,
          ['pause', 'resume', 'dance', 'extend'][n % 4] as string,
          json({ actor: 'ann', reason: `signal ${n}` }),
        ),
      ),
    );
    await until(
      'all on record',
      async () => (await refusals(id)).filter((text) => /dance|extend/.test(text)).length === 100,
    );
    await goOn(id);
  });

  test('megabytes of them: the session goes on in another run', async () => {
    const id = await session();
    for (let n = 0; n < 6; n += 1) await signal(id, 'pause', json({ reason: 'x'.repeat(1024 * 1024) }));
    expect(await harness.until(id, ({ runs }) => runs > 1)).toMatchObject({ state: 'RUNNING' });
    await until('all on record', async () => (await refusals(id)).length === 6);
    await livesOn(id);
  });

  test('400 that waited for a worker, each as long as a command may be, all in one workflow task', async () => {
    const id = await session();
    await harness.stopWorker();
    const input = json({ actor: '語'.repeat(200), reason: '語'.repeat(2000) });
    await Promise.all(Array.from({ length: 400 }, (_, n) => signal(id, n % 2 ? 'resume' : 'pause', input)));
    await signal(id, 'resume', json({}));
    await harness.startWorker();
    await goOn(id);
  });
});
