import { request } from 'node:http';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readersOf } from '../../../gateway/codec/readers.ts';
import { type Reading, serveCodec } from '../../../gateway/codec/server.ts';
import { clientCodec, workerCodec } from '../../../keys/codec.ts';
import { newDeploymentKey, readingKeyOf } from '../../../keys/key.ts';
import { Keyring } from '../../../keys/keyring.ts';

const key = newDeploymentKey();
const readings: Reading[] = [];
let isRecording = true;
let server: Awaited<ReturnType<typeof serveCodec>>;
beforeAll(async () => {
  server = await serveCodec({
    host: '127.0.0.1',
    port: 0,
    isLocal: true,
    codec: clientCodec(Keyring.from([readingKeyOf(key)])),
    readers: readersOf(new Map([['ann', 'token-of-ann-0123456789']]), false),
    origins: ['https://temporal.example'],
    record: async (reading) => {
      if (!isRecording) throw new Error('the disk is full');
      readings.push(reading);
    },
  });
});
afterAll(() => server?.close());

const ANN = { authorization: 'Bearer token-of-ann-0123456789' };

function ask(path: string, body: string, headers: Record<string, string> = {}, method = 'POST') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const asJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
  data: base64(data ?? new Uint8Array()),
});
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function sealed(value: unknown): Promise<Payload> {
  const worker = workerCodec({ keys: Keyring.ofWorker([key]), encrypts: true });
  const payload = defaultPayloadConverter.toPayload(value) as Payload;
  return (await worker.encode([payload], { type: 'workflow', namespace: 'default', workflowId: 's' }))[0]!;
}

const firstOf = (body: string): string =>
  Buffer.from((JSON.parse(body) as { payloads: { data: string }[] }).payloads[0]!.data, 'base64').toString();

describe('A6: the codec server', () => {
  test('opens payloads for a reader with a token, and has the reading on record first', async () => {
    const body = JSON.stringify({ payloads: [asJson(await sealed({ text: 'hello' })), { data: 'YQ==' }] });
    const headers = { ...ANN, 'x-namespace': 'default', origin: 'http://localhost:8233' };
    const answer = await ask('/decode?namespace=default', body, headers);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'http://localhost:8233', 'cache-control': 'no-store' },
    });
    expect(firstOf(answer.body)).toBe('{"text":"hello"}');
    expect(readings.at(-1)).toEqual({
      at: expect.stringMatching(/^20.*Z$/),
      by: 'ann',
      what: 'decode',
      namespace: 'default',
      payloads: 2,
      from: expect.stringContaining('127.0.0.1'),
    });
  });

  test('what it seals it opens, and what it cannot open it gives back as it is', async () => {
    const plain = asJson(defaultPayloadConverter.toPayload('x') as Payload);
    const encoded = await ask('/encode', JSON.stringify({ payloads: [plain] }), ANN);
    expect(firstOf(encoded.body)).not.toContain('x"');
    expect(firstOf((await ask('/decode', encoded.body, ANN)).body)).toBe('"x"');
    const other = workerCodec({ keys: Keyring.ofWorker([newDeploymentKey()]), encrypts: true });
    const [foreign] = await other.encode([defaultPayloadConverter.toPayload('x') as Payload]);
    const body = JSON.stringify({ payloads: [asJson(foreign!)] });
    expect(JSON.parse((await ask('/decode', body, ANN)).body)).toEqual(JSON.parse(body));
  });

  const BODY = JSON.stringify({ payloads: [] });
  test.each<
    [what: string, status: number, path: string, body: string, headers: Record<string, string>, method?: string]
  >([
    ['nobody', 401, '/decode', BODY, {}],
    ['a wrong token', 401, '/decode', BODY, { authorization: 'Bearer token-of-ann-0123456788' }],
    ['a token in another scheme', 401, '/decode', BODY, { authorization: 'Basic token-of-ann-0123456789' }],
    ['a web page of another origin', 403, '/decode', BODY, { ...ANN, origin: 'https://evil.example' }],
    ['a page that made its name lead here', 403, '/decode', BODY, { ...ANN, host: 'evil.example' }],
    ['another path', 404, '/keys', BODY, ANN],
    ['another method', 405, '/decode', '', ANN, 'GET'],
    ['no JSON', 400, '/decode', '{', ANN],
    ['no payloads', 400, '/decode', '{"payloads":7}', ANN],
    ['payloads of nonsense', 400, '/decode', '{"payloads":[{"metadata":{"a":7}}]}', ANN],
    ['more payloads than a page has', 400, '/decode', JSON.stringify({ payloads: Array(10_001).fill({}) }), ANN],
    ['a body that says that it is too large', 413, '/decode', '', { ...ANN, 'content-length': '99999999999' }],
  ])('refuses %s with %i, and has read nothing', async (_, status, path, body, headers, method) => {
    const before = readings.length;
    expect((await ask(path, body, headers, method)).status).toBe(status);
    expect(readings).toHaveLength(before);
  });

  test('refuses to read what it cannot put on record', async () => {
    isRecording = false;
    const { status, body } = await ask('/decode', JSON.stringify({ payloads: [asJson(await sealed('x'))] }), ANN);
    isRecording = true;
    expect({ status, body }).toEqual({ status: 503, body: expect.stringContaining('the disk is full') });
  });

  test('answers the question of a browser before it asks, for origins that may', async () => {
    const allowed = await ask('/decode', '', { origin: 'https://temporal.example' }, 'OPTIONS');
    expect(allowed).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-headers': expect.stringContaining('x-namespace') },
    });
    expect((await ask('/decode', '', { origin: 'https://temporal.example.evil' }, 'OPTIONS')).status).toBe(403);
  });
});
