import { expect, test } from 'vitest';
import { CustodyError } from '../../client/index.ts';
import { Harness } from '../support/harness.ts';

const codeOf = (error: unknown): string => (error instanceof CustodyError ? error.code : String(error));

test('T4, P5: of 1,400 equal calls of a runaway agent, 20 are made; the session is paused, on record', async ({
  onTestFinished,
}) => {
  const harness = await Harness.start();
  onTestFinished(() => harness.stop());
  const { id } = await harness.custody.start(harness.spec());
  await harness.until(id, ({ state }) => state === 'RUNNING');
  const codes: string[] = [];
  for (let index = 0; index < 20; index += 1)
    codes.push((await harness.custody.session(id).call('journal.append', { text: 'pay' })).outcome);
  // Each of these asks as soon as the one before it was answered.
  const agent = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index += 1)
      codes.push(
        await harness.custody
          .session(id)
          .call('journal.append', { text: 'pay' })
          .then(({ outcome }) => outcome, codeOf),
      );
  };
  await Promise.all(Array.from({ length: 10 }, () => agent(138)));

  expect(codes).toHaveLength(1400);
  expect(codes.filter((code) => code === 'succeeded')).toHaveLength(20);
  expect(new Set(codes)).toEqual(new Set(['succeeded', 'IDENTICAL_CALLS', 'TOO_MANY_REFUSALS']));
  expect(harness.journal().filter(({ phase }) => phase === 'begin')).toHaveLength(20);
  expect(await harness.custody.session(id).describe()).toMatchObject({
    state: 'PAUSED',
    cause: 'incident',
    reason: expect.stringContaining('20 times in a row') as string,
    used: { calls: 20 },
  });
  const entries = [];
  for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
  expect(entries.filter(({ kind }) => kind === 'runaway')).toMatchObject([
    {
      layer: 'compliance',
      text: expect.stringContaining('tester called journal.append with the same arguments 20 times in a row') as string,
    },
  ]);
  const numbers = entries.flatMap(({ record }) => (record === null ? [] : [record])).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));

  await harness.custody.session(id).resume({ reason: 'the agent was mended' });
  expect(await harness.custody.session(id).call('journal.append', { text: 'pay' })).toMatchObject({
    outcome: 'succeeded',
  });
}, 400_000);

test('T4: a burst of identical calls at once: at most 20 are taken', async ({ onTestFinished }) => {
  const harness = await Harness.start();
  onTestFinished(() => harness.stop());
  const { id } = await harness.custody.start(harness.spec());
  await harness.until(id, ({ state }) => state === 'RUNNING');
  const codes = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      harness.custody
        .session(id)
        .call('journal.append', { text: 'burst' }, { callId: `b${index}`, wait: false })
        .then(({ outcome }) => outcome, codeOf),
    ),
  );
  const refused = codes.filter((code) => code === 'IDENTICAL_CALLS' || code === 'TOO_MANY_REFUSALS');
  expect(refused).toHaveLength(40);
  await harness.until(
    id,
    ({ state, openCalls }) => state === 'PAUSED' && openCalls.every(({ phase }) => phase === 'queued'),
  );
  await harness.custody.session(id).resume({ reason: 'let those run' });
  await harness.until(id, ({ openCalls }) => openCalls.length === 0);
  expect(harness.journal().filter(({ phase }) => phase === 'begin')).toHaveLength(20);
});
