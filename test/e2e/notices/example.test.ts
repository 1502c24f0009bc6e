import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { send } from '../../../activities/notices/send.ts';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { SECRET } from '../../support/notices/receiver.ts';
import { until } from '../../support/until.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

test('U4: the receiver in docs/notices.md is examples/notices/receiver.ts', () => {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(at('docs/notices.md'), 'utf8')) ?? [];
  expect(program).toBe(readFileSync(at('examples/notices/receiver.ts'), 'utf8'));
});

test('C3: it takes what is signed with its key, once, and nothing else', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [at('dist/examples/notices/receiver.js')], {
    env: { ...process.env, PORT: String(port), CUSTODY_WEBHOOK_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const url = `http://127.0.0.1:${port}/`;
  const body = JSON.stringify({ id: 's/1', type: 'io.custody.notify', data: { text: 'hello' } });
  const message = { id: 's/1', type: 'application/cloudevents+json', body };
  const to = { url, allowPrivate: true, redact: String };
  await until('it is up', async () => 'status' in (await send({ ...to, secret: SECRET }, message)));
  expect(await send({ ...to, secret: SECRET }, message)).toEqual({ status: 204 });
  const other = `whsec_${Buffer.alloc(32).toString('base64')}`;
  for (const forged of [{ ...to, secret: other }, to])
    expect(await send(forged, message)).toMatchObject({ error: { code: 'NOTICE_REFUSED' } });
  await until('it printed the notice', () => printed.includes('\n'));
  expect(printed).toBe('io.custody.notify s/1 hello\n');
});
