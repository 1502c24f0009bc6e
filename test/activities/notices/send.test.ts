import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { Lookup } from '../../../activities/notices/connect.ts';
import { send } from '../../../activities/notices/send.ts';
import { type Answer, Receiver, SECRET } from '../../support/notices/receiver.ts';

const plain = (text: string): string => text;
const MESSAGE = { id: 's/1', type: 'application/json', body: '{"a":"ü"}' };

async function receiving(answer?: Answer, headers: Record<string, string> = {}): Promise<Receiver> {
  const receiver = await Receiver.start(answer, headers);
  onTestFinished(() => receiver.stop());
  return receiver;
}

const to = (url: string, more: object = {}) => ({ url, secret: SECRET, allowPrivate: true, redact: plain, ...more });

/** Names mean these addresses, whatever the system says. */
const meaning = (...addresses: readonly string[]): Lookup =>
  ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as Lookup;

test('C3: what is sent carries a signature that Standard Webhooks takes, also over text that is no ASCII', async () => {
  const receiver = await receiving();
  expect(await send(to(receiver.url), MESSAGE)).toEqual({ status: 204 });
  expect(receiver.received).toMatchObject([{ id: 's/1', event: { a: 'ü' } }]);
});

test.each([200, 204, 299])('a status of %s is taken', async (status) => {
  const { url } = await receiving(() => status);
  expect(await send(to(url), MESSAGE)).toEqual({ status });
});

test.each([
  [400, 'NOTICE_REFUSED'],
  [401, 'NOTICE_REFUSED'],
  [404, 'NOTICE_REFUSED'],
  [410, 'NOTICE_REFUSED'],
  [408, 'NOTICE_NOT_DELIVERED'],
  [425, 'NOTICE_NOT_DELIVERED'],
  [429, 'NOTICE_NOT_DELIVERED'],
  [302, 'NOTICE_NOT_DELIVERED'],
  [500, 'NOTICE_NOT_DELIVERED'],
  [503, 'NOTICE_NOT_DELIVERED'],
])('one of %s is %s', async (status, code) => {
  const { url, received } = await receiving(() => status, { location: 'http://127.0.0.1:1/', 'retry-after': '7' });
  const sent = await send(to(url), MESSAGE);
  expect(sent).toMatchObject({ error: { code, message: `It answered ${status}: not now.` } });
  if (code === 'NOTICE_NOT_DELIVERED') expect(sent).toMatchObject({ retryAfter: 7 });
  expect(received).toHaveLength(1);
});

test('of a long answer little is read', async () => {
  let written = 0;
  const server = createServer((_, response) => {
    response.writeHead(500);
    const more = (): void => {
      if (!response.destroyed && (written += 65_536)) response.write('x'.repeat(65_536), () => setImmediate(more));
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const sent = await send(to(`http://127.0.0.1:${port}/`), MESSAGE);
  expect(sent).toMatchObject({ error: { message: `It answered 500: ${'x'.repeat(100)}.` } });
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

test('nobody there is what may pass', async () => {
  const sent = await send(to('http://127.0.0.1:1/'), MESSAGE);
  expect(sent).toMatchObject({ error: { code: 'NOTICE_NOT_DELIVERED' } });
});

const REFUSED = { error: { code: 'NOTICE_ADDRESS_REFUSED' } };

test.each(['127.0.0.1', '[::1]', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost'])(
  'unless it is allowed, nothing is sent to %s',
  async (host) => {
    const receiver = await receiving();
    const url = receiver.url.replace('127.0.0.1', host);
    expect(await send(to(url, { allowPrivate: false }), MESSAGE)).toMatchObject(REFUSED);
    expect(receiver.received).toEqual([]);
  },
);

test.each([
  ['a private address', ['10.0.0.1']],
  ['the metadata service of a cloud', ['169.254.169.254']],
  ['a public and a private address', ['8.8.8.8', '127.0.0.1']],
])('nor to a name that means %s as the connection is made', async (_, addresses) => {
  const sent = await send(to('https://hooks.example/', { allowPrivate: false }), MESSAGE, meaning(...addresses));
  expect(sent).toMatchObject(REFUSED);
});

test('a name is looked up for each connection, and what it meant before counts for nothing', async () => {
  const receiver = await receiving();
  let looked = 0;
  const rebinding: Lookup = ((name: string, options: object, done: never) => {
    looked += 1;
    (meaning('127.0.0.1') as unknown as (...given: unknown[]) => void)(name, options, done);
  }) as unknown as Lookup;
  const url = receiver.url.replace('127.0.0.1', 'hooks.example');
  for (const times of [1, 2]) {
    expect(await send(to(url, { allowPrivate: false }), MESSAGE, rebinding)).toMatchObject(REFUSED);
    expect(looked).toBe(times);
  }
  expect(receiver.received).toEqual([]);
});
