import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BitString, Integer, Sequence, Utf8String } from 'asn1js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timestampRequest } from '../../../audit/witness/timestamp/request.ts';
import { TIMESTAMP_BYTES } from '../../../audit/witness/timestamp/response.ts';
import { verifyTimestamp } from '../../../audit/witness/timestamp/verify.ts';
import { isVerified, makeAuthority, reply } from '../../support/evidence/authority.ts';
import { CA, certify, EC, openssl, pemOf, RSA, runOpenssl } from '../../support/evidence/certificates.ts';
import { requireTool } from '../../support/time/requireTool.ts';
import { hash, NONCE, rootsOf, TEXT, TimestampScene, whyNot } from './scene.ts';

const program = await requireTool('the tests of timestamps', openssl);

describe.skipIf(program === undefined)('A4: a timestamp of an authority (RFC 3161)', () => {
  const scene = new TimestampScene();

  test('is asked for with the SHA-256, a nonce and the certificate, as OpenSSL reads it', async () => {
    await writeFile(join(scene.dir, 'asked.tsq'), timestampRequest(hash(TEXT), NONCE));
    const said = (await runOpenssl(['ts', '-query', '-in', 'asked.tsq', '-text'], scene.dir)).join('\n');
    expect(said).toContain('Version: 1\nHash Algorithm: sha256');
    expect(said).toContain('Nonce: 0x7FFF000012345678\nCertificate required: yes');
    expect(said.replaceAll(/\s|-|^.*?Message data:|Policy.*/gs, '')).toContain(
      Buffer.from(hash(TEXT)).toString('hex').slice(0, 16),
    );
  });

  test.each([
    ['ECDSA', EC],
    ['RSA', RSA],
  ])('of an authority with %s keys is verified here, and by OpenSSL', async (_, key) => {
    const made = await makeAuthority(scene.dir, key);
    const before = Date.now();
    const nonce = BigInt(`0x00${randomBytes(8).toString('hex')}`);
    const response = await reply(scene.dir, made.authority, timestampRequest(hash(TEXT), nonce));
    const found = await verifyTimestamp(response, TEXT, { ...(await rootsOf(made.root)), nonce });
    expect(found).toMatchObject({ policy: '1.2.3.4.1', serial: '1001' });
    expect(Math.abs(Date.parse(found.at) - before)).toBeLessThan(120_000);
    expect(await isVerified(scene.dir, response, TEXT, made.root)).toBe(true);
    expect(await whyNot(verifyTimestamp(response, TEXT, await rootsOf(made.root)))).toBe('verified');
  });

  test('of another text, request or authority is told apart; OpenSSL agrees', async () => {
    const otherRoot = await certify(scene.dir, { name: 'Root', extensions: CA });
    const other = new TextEncoder().encode('custody/demo/session-1\n6\n');
    expect(await scene.verdict(scene.genuine, other)).toContain(
      'TIMESTAMP_DIFFERS: The timestamp is of something else: it has the hash',
    );
    expect(await isVerified(scene.dir, scene.genuine, other, scene.root)).toBe(false);
    expect(await scene.verdict(scene.genuine, TEXT, { nonce: NONCE })).toBe('verified');
    expect(await scene.verdict(scene.genuine, TEXT, { nonce: NONCE + 1n })).toContain(
      'it has the nonce of another request',
    );
    const noRoot = 'no chain leads from its signer to a root certificate that is trusted';
    expect(await scene.verdict(scene.genuine, TEXT, await rootsOf(otherRoot))).toContain(
      `TIMESTAMP_UNTRUSTED: The timestamp is not to be trusted: ${noRoot}`,
    );
    expect(await isVerified(scene.dir, scene.genuine, TEXT, otherRoot)).toBe(false);
    expect(await scene.verdict(scene.genuine, TEXT, { roots: `${await pemOf(otherRoot)}\n${scene.roots}` })).toBe(
      'verified',
    );
    for (const none of ['', 'hunter2', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])
      expect(await scene.verdict(scene.genuine, TEXT, { roots: none })).toContain('TIMESTAMP_UNTRUSTED');
  });

  test('with any byte changed is refused with a code, or says the same: nothing signed was changed', async () => {
    const said = await verifyTimestamp(scene.genuine, TEXT, { roots: scene.roots });
    await fc.assert(
      fc.asyncProperty(fc.nat(scene.genuine.length - 1), fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const changed = scene.genuine.slice();
        changed[index]! ^= flip;
        const found = await verifyTimestamp(changed, TEXT, { roots: scene.roots }).catch((error: unknown) => error);
        if (found instanceof Error) expect(found).toMatchObject({ code: expect.stringMatching(/^TIMESTAMP_/) });
        else {
          expect(found).toEqual(said);
          expect(await isVerified(scene.dir, changed, TEXT, scene.root), `byte ${index} ^ ${flip}`).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('that is cut off, has something behind it, is huge or nested without end is not read', async () => {
    for (let length = 0; length < scene.genuine.length; length += 7)
      expect(await scene.verdict(scene.genuine.subarray(0, length))).toContain('TIMESTAMP_MALFORMED');
    expect(await scene.verdict(Buffer.concat([scene.genuine, Buffer.of(0)]))).toContain('TIMESTAMP_MALFORMED');
    const nested = new Uint8Array(TIMESTAMP_BYTES).fill(0x30);
    nested.forEach((_, index) => index % 2 === 1 && (nested[index] = 0x80));
    const flat = new Uint8Array(TIMESTAMP_BYTES).fill(0);
    flat.set([0x30, 0x80]);
    for (const hostile of [nested, flat, new Uint8Array(TIMESTAMP_BYTES + 1), new TextEncoder().encode('<html>')]) {
      const before = performance.now();
      expect(await scene.verdict(hostile)).toContain('TIMESTAMP_MALFORMED');
      expect(performance.now() - before).toBeLessThan(5000);
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
        expect(await scene.verdict(bytes)).toContain('TIMESTAMP_MALFORMED');
      }),
    );
  });

  test('that the authority did not make is told with its reason', async () => {
    const status = (failInfo: number[], text: string) => {
      const parts = [new Integer({ value: 2 }), new Sequence({ value: [new Utf8String({ value: text })] })];
      const failure = new BitString({ valueHex: Uint8Array.from(failInfo).buffer });
      const info = new Sequence({ value: [...parts, failure] });
      return new Uint8Array(new Sequence({ value: [info] }).toBER());
    };
    const rejected = await scene.verdict(status([0x80], 'no\u001b[31m'));
    expect(rejected).toContain('TIMESTAMP_REJECTED');
    expect(rejected).toContain('(status 2): it does not know the algorithm, "no\\u001b[31m".');
    const query = await runOpenssl(
      ['ts', '-query', '-digest', 'ab'.repeat(20), '-sha1', '-out', 'sha1.tsq'],
      scene.dir,
    );
    expect(query).toBeDefined();
    const sha1 = await reply(scene.dir, scene.authority, await readFile(join(scene.dir, 'sha1.tsq')));
    expect(await scene.verdict(sha1)).toContain('TIMESTAMP_REJECTED');
  });
});
