import { createServer } from 'node:http';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { deliver } from '../../../activities/notices/deliver.ts';
import type { Delivery } from '../../../activities/types.ts';
import type { DestinationConfig } from '../../../config/notices/schema.ts';
import { noticesOf } from '../../../worker/notices.ts';
import { SECRET_VARIABLE } from '../../support/notices/place.ts';

const PATH = `/services/T0123456789/B0123456789/${'abcdefghijklmnop'.repeat(8)}`;

/** A receiver that says all that it was told, by a status. */
async function echoing(status: number): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(status, { 'retry-after': '90000' }).end(`no hook at ${request.url} of ${request.headers.host}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return `http://127.0.0.1:${port}${PATH}`;
}

const DELIVERY: Delivery = {
  to: 'chat',
  session: 'session-1',
  about: { agent: 'x@1', profile: 'p', labels: {} },
  notice: { n: 1, at: 1, layer: 'session', kind: 'notify', data: { text: 'hello' } },
};

/** What the activity fails of. */
async function failing(
  to: { readonly [name: string]: DestinationConfig },
  given = DELIVERY,
): Promise<ApplicationFailure> {
  const notices = noticesOf({ notices: { log: false, to }, dir: '/' }, {} as never, 'q', pino({ level: 'silent' }));
  const error: unknown = await new MockActivityEnvironment().run(deliver({ notices }), given).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

const chat = (url: string): DestinationConfig => {
  process.env['NOTICES_TEST_CHAT'] = url;
  return { url: { fromEnv: 'NOTICES_TEST_CHAT' }, format: 'slack', allowPrivate: true, retryFor: 60_000 };
};

test.each([
  [500, { type: 'NOTICE_NOT_DELIVERED', nonRetryable: false, nextRetryDelay: '3600 seconds' }],
  [404, { type: 'NOTICE_REFUSED', nonRetryable: true }],
])('C3: a failure by %s says whether it is final, and nothing of the URL of a chat', async (status, expected) => {
  const failure = await failing({ chat: chat(await echoing(status)) });
  expect(failure).toMatchObject(expected);
  expect(failure.message).toContain(`It answered ${status}: no hook at [secret left out]`);
  expect(JSON.stringify(failure)).not.toMatch(/T0123456789|abcdefghijklmnop/);
});

test('C3: what can be mended while a notice waits is tried again', async () => {
  expect(await failing({})).toMatchObject({ type: 'NOTICE_UNUSABLE', nonRetryable: false });
  delete process.env['NOTICES_TEST_MISSING'];
  const missing = { ...chat('x'), url: { fromEnv: 'NOTICES_TEST_MISSING' } } as DestinationConfig;
  expect(await failing({ chat: missing })).toMatchObject({ type: 'SECRET_MISSING', nonRetryable: false });
  const inside = { ...chat(await echoing(204)), url: 'https://127.0.0.1/', allowPrivate: false } as DestinationConfig;
  expect(await failing({ chat: inside })).toMatchObject({ type: 'NOTICE_ADDRESS_REFUSED', nonRetryable: false });
});

test('what no session made is final', async () => {
  const notice = { ...DELIVERY.notice, at: 9e15 };
  expect(await failing({ chat: chat('http://127.0.0.1:1/') }, { ...DELIVERY, notice })).toMatchObject({
    nonRetryable: true,
  });
});

test('kinds that a session pins are those that some destination or the log wants', () => {
  const of = (notices: object) =>
    noticesOf({ notices: notices as never, dir: '/' }, {} as never, 'q', pino({ level: 'silent' })).kinds;
  const ops = { url: 'https://x', secret: { fromEnv: SECRET_VARIABLE }, allowPrivate: false, retryFor: 1 };
  expect(of({ log: false, to: { ops: { ...ops, kinds: ['ended'] }, chat: { ...ops, kinds: ['notify'] } } })).toEqual([
    'notify',
    'ended',
  ]);
  expect(of({ log: true, to: {} })).toEqual(['notify', 'approval-asked', 'review-asked', 'ended']);
  expect(noticesOf({ dir: '/' }, {} as never, 'q', pino({ level: 'silent' })).kinds).toEqual([]);
});
