import { expect, test } from 'vitest';
import { Custody } from '../../../client/index.ts';
import { eventually, Harness } from '../../support/harness.ts';
import { startLossyTemporal } from '../../support/lossyTemporal.ts';
import { temporalAddress } from '../../support/temporal.ts';

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: { readonly code?: unknown }) => error.code,
  );

test('A1: a client that is closed while Temporal is away ends the questions that it has under way', async () => {
  const temporal = await startLossyTemporal(temporalAddress());
  const custody = await Custody.connect({ address: temporal.address });
  temporal.stop();
  const asked = codeOf(custody.session('a-session').describe());
  await custody.close();
  expect(await asked).toBe('CLIENT_CLOSED');
});

test(
  'E4, L6: all that a client has under way fails with CLIENT_CLOSED as it is ' + 'closed; what was taken goes on',
  async ({ onTestFinished }) => {
    const harness = await Harness.start();
    onTestFinished(() => harness.stop());
    const [busy, still] = [await harness.running(), await harness.running()];
    const client = await Custody.connect({
      address: temporalAddress(),
      actor: 'tester',
      taskQueue: harness.custody.taskQueue,
    });
    await client.session(still).pause({ reason: 'lunch' });
    const args = { text: 'under way', delayMs: 3000 };
    const watching = async (): Promise<void> => {
      for await (const entry of client.session(busy).watch()) expect(entry).toBeDefined();
    };
    const asked = {
      call: codeOf(client.session(busy).call('journal.append', args, { callId: 'slow' })),
      parked: codeOf(client.session(still).call('journal.append', { text: 'waits' }, { callId: 'parked' })),
      wait: codeOf(client.session(busy).wait()),
      watch: codeOf(watching()),
    };
    await eventually(() => harness.journal().length > 0 || undefined, 'the tool runs');
    const again = codeOf(client.as('bob').session(busy).answer('slow'));
    onTestFinished(client.session(busy).keepAlive(10));
    await harness.until(still, ({ openCalls }) => openCalls.length === 1);
    await client.close();
    expect(await again).toBe('CLIENT_CLOSED');
    for (const [what, code] of Object.entries(asked)) expect([what, await code]).toEqual([what, 'CLIENT_CLOSED']);
    expect(await codeOf(client.session(busy).describe())).toBe('CLIENT_CLOSED');
    expect(await codeOf(client.session(busy).call('journal.append', {}))).toBe('CLIENT_CLOSED');

    await harness.custody.session(still).resume();
    expect(await harness.custody.session(still).answer('parked')).toMatchObject({ outcome: 'succeeded' });
    expect(await harness.custody.session(busy).call('journal.append', args, { callId: 'slow' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
  },
);
