import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Custody } from '../../client/index.ts';
import { Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

describe('U4: a session on a cluster where no worker runs', () => {
  const taskQueue = `nobody-${randomUUID()}`;
  let harness: Harness;
  let custody: Custody;
  beforeAll(async () => {
    [harness, custody] = await Promise.all([
      Harness.start(),
      Custody.connect({ address: temporalAddress(), actor: 'tester', taskQueue }),
    ]);
  });
  afterAll(async () => {
    await custody?.close();
    await harness?.stop();
  });

  test('is NO_WORKER to every request, and runs once a worker starts', async () => {
    const { id } = await custody.start(harness.spec());
    const requests = {
      describe: () => custody.session(id).describe(),
      pause: () => custody.session(id).pause({ reason: 'asked in vain' }),
      extend: () => custody.session(id).extend(60_000),
      call: () => custody.session(id).call('journal.append', { text: 'asked in vain' }, { callId: 'vain' }),
    };
    const answers = await Promise.all(
      Object.entries(requests).map(async ([name, request]) => [
        name,
        await request().then(
          () => 'answered',
          (error: { code?: string }) => error.code ?? error,
        ),
      ]),
    );
    expect(answers).toEqual(Object.keys(requests).map((name) => [name, 'NO_WORKER']));

    await harness.startWorker({ taskQueue, name: 'late' });
    await expect.poll(async () => (await custody.session(id).describe()).state, { timeout: 60_000 }).not.toBe('INIT');
    // What was asked in vain was not taken, or taken once: asking again under the same id does no harm.
    if ((await custody.session(id).describe()).state === 'PAUSED') await custody.session(id).resume();
    expect(
      await custody.session(id).call('journal.append', { text: 'asked in vain' }, { callId: 'vain' }),
    ).toMatchObject({
      outcome: 'succeeded',
    });
    expect(harness.journal().filter(({ phase }) => phase === 'begin')).toHaveLength(1);
    await custody.session(id).complete();
    expect(await custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
  });
});
