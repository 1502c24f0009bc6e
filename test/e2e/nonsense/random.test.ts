import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harness, payload, json, signal, session, failedTasks } from './raw.ts';

describe('U4: random signals never fail a workflow task', () => {
  const field = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      '2h',
      '0s',
      '999999999d',
      '-1h',
      'retry',
      'succeeded',
      'failed',
      'x'.repeat(2001),
      '\ud800',
      1e308,
      true,
      null,
      [],
    ),
  );
  const fields = fc.dictionary(
    fc.constantFrom(
      'actor',
      'reason',
      'commandId',
      'acceptChanges',
      'to',
      'by',
      'callId',
      'as',
      '__proto__',
      'constructor',
      'toJSON',
    ),
    field,
  );
  const encoding = fc.constantFrom(
    'json/plain',
    'json/plain',
    'json/protobuf',
    'binary/plain',
    'binary/null',
    'binary/protobuf',
    '',
    'nonsense',
    undefined,
  );
  const one = fc.oneof(
    { weight: 3, arbitrary: fields.map(json) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.uint8Array({ maxLength: 200 }), encoding).map(([data, as]) => payload(data, as)),
    },
    { weight: 1, arbitrary: fc.tuple(fc.string(), encoding).map(([data, as]) => payload(data, as)) },
  );
  const signals = fc.array(
    fc.tuple(
      fc.constantFrom(
        'pause',
        'resume',
        'extend',
        'resolve',
        'call',
        'nonsense',
        'pause',
        'resume',
        'cancel',
        'complete',
        'rollback',
      ),
      fc.array(one, { maxLength: 3 }),
    ),
    { minLength: 15, maxLength: 15 },
  );

  test.concurrent.each(fc.sample(signals, { numRuns: 5, seed: 20261122 }).map((each, n) => [n + 1, each] as const))(
    'session %i',
    async (_, each) => {
      const id = await session();
      for (const [name, payloads] of each)
        await signal(id, name, ...payloads).catch((error: Error) => expect(String(error)).toMatch(/already completed/));
      const view = await harness.until(id, ({ state }) => !['INIT', 'RESUMING'].includes(state));
      if (view.state === 'PAUSED')
        await harness.custody
          .session(id)
          .resume()
          .catch(() => undefined);
      if (view.outcome === null)
        await harness.custody
          .session(id)
          .cancel({ reason: 'done' })
          .catch(() => undefined);
      expect((await harness.custody.session(id).wait()).outcome).not.toBeNull();
      expect(await failedTasks(id)).toEqual([]);
    },
  );
});
