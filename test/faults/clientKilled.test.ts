import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

const CUSTODY = fileURLToPath(new URL('../../dist/cli/custody.js', import.meta.url));

test('E4, L6: a client killed in mid-call: the call goes on; asked by its id again it gives the first answer', async ({
  onTestFinished,
}) => {
  const harness = await Harness.start();
  onTestFinished(() => harness.stop());
  const { id } = await harness.custody.start(harness.spec());
  const args = { text: 'from a client that dies', gate: 'end' };
  const client = spawn(
    process.execPath,
    [
      CUSTODY,
      'call',
      id,
      'journal.append',
      '--args',
      JSON.stringify(args),
      '--call-id',
      'c1',
      '--actor',
      'tester',
      '--address',
      temporalAddress(),
      '--task-queue',
      harness.custody.taskQueue,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(client, 'exit');
  await until('the tool runs', () => harness.journal().some(({ phase }) => phase === 'begin'));
  client.kill('SIGKILL');
  expect((await exited)[1]).toBe('SIGKILL');
  expect(harness.journal().some(({ phase }) => phase === 'end')).toBe(false);
  harness.open('end');

  expect(await harness.custody.session(id).call('journal.append', args, { callId: 'c1' })).toMatchObject({
    outcome: 'succeeded',
    attempts: 1,
  });
  expect(harness.journal().map(({ phase }) => phase)).toEqual(['begin', 'end']);
});
