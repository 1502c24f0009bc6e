import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BitString, Integer, Sequence } from 'asn1js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { timestamped } from '../../../activities/evidence/witness/timestamp.ts';
import { timestampRequest } from '../../../audit/witness/timestamp/request.ts';
import { TIMESTAMP_BYTES } from '../../../audit/witness/timestamp/response.ts';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { type Authority, isVerified, makeAuthority, reply } from '../../support/evidence/authority.ts';
import { EC, type Identity, openssl, pemOf } from '../../support/evidence/certificates.ts';
import { serve, type Served } from '../../support/evidence/serve.ts';
import { requireTool } from '../../support/time/requireTool.ts';

const program = await requireTool('the tests of timestamping authorities', openssl);

const TEXT = new TextEncoder().encode('custody/demo/session-1\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n');
const TYPE = 'application/timestamp-reply';

describe.skipIf(program === undefined)('A4: a timestamping authority over HTTP', () => {
  let dir: string;
  let root: Identity;
  let authority: Authority;
  let roots: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'custody-tsa-'));
    ({ root, authority } = await makeAuthority(dir, EC));
    roots = await pemOf(root);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const asked = async (answer: (body: Uint8Array, type: string) => Served | Promise<Served>) =>
    timestamped({ url: await serve(answer), roots }, TEXT).catch((error: unknown) => error);

  test('gives a timestamp over a checkpoint, which OpenSSL verifies as well', async () => {
    const url = await serve(async (body, type) => {
      expect(type).toBe('application/timestamp-query');
      return { type: TYPE, body: await reply(dir, authority, body) };
    });
    const { response, timestamp } = await timestamped({ url, roots }, TEXT);
    expect(timestamp.policy).toBe('1.2.3.4.1');
    expect(await isVerified(dir, response, TEXT, root)).toBe(true);
  });

  test('is not believed with the answer to another request, or of another text', async () => {
    const hash = new Uint8Array(32).fill(7);
    const old = await reply(dir, authority, timestampRequest(hash, 1n));
    expect(await asked(() => ({ type: TYPE, body: old }))).toMatchObject({ code: 'TIMESTAMP_DIFFERS' });
    let kept: Uint8Array | undefined;
    const replaying = async (body: Uint8Array) => ({ type: TYPE, body: (kept ??= await reply(dir, authority, body)) });
    expect(await asked(replaying)).toMatchObject({ timestamp: { serial: '1001' } });
    expect(await asked(replaying)).toMatchObject({
      code: 'TIMESTAMP_DIFFERS',
      message: expect.stringContaining('nonce of another request'),
    });
  });

  const rejection = (failInfo: readonly number[]): Uint8Array => {
    const parts = [new Integer({ value: 2 }), new BitString({ valueHex: Uint8Array.from(failInfo).buffer })];
    return new Uint8Array(new Sequence({ value: [new Sequence({ value: parts })] }).toBER());
  };

  test.each([
    ['rejects the request', { type: TYPE, body: rejection([0x80]) }, 'TIMESTAMP_REJECTED', false],
    ['has no time just now', { type: TYPE, body: rejection([0, 2]) }, 'WITNESS_UNAVAILABLE', true],
    ['sends anything else', { type: TYPE, body: '<html>' }, 'TIMESTAMP_MALFORMED', false],
    ['sends nothing', { type: TYPE, body: '' }, 'TIMESTAMP_MALFORMED', false],
    ['sends a page', { type: 'text/html', body: 'hello' }, 'WITNESS_REFUSED', false],
    ['sends too much', { type: TYPE, body: new Uint8Array(TIMESTAMP_BYTES + 1) }, 'WITNESS_REFUSED', false],
    ['says no', { status: 403, body: 'no\u001b[31m' }, 'WITNESS_REFUSED', false],
    ['sends elsewhere', { status: 302, body: '' }, 'WITNESS_REFUSED', false],
    ['is overloaded', { status: 429, body: '' }, 'WITNESS_UNAVAILABLE', true],
    ['fails', { status: 500, body: 'x'.repeat(1000) }, 'WITNESS_UNAVAILABLE', true],
  ] as const)('that %s is told by a code, and whether it may pass', async (_, served, code, retryable) => {
    const error = (await asked(() => served)) as Error;
    expect(error).toMatchObject({ code, retryable });
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).not.toContain('\u001b');
  });

  test('that is down may be back later', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(timestamped({ url, roots }, TEXT)).rejects.toMatchObject({
      code: 'WITNESS_UNAVAILABLE',
      retryable: true,
    });
  });
});
