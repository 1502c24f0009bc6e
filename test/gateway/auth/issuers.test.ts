import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Issuers } from '../../../gateway/auth/issuers.ts';
import { CustodyError } from '../../../protocol/errors.ts';

const ISSUER = 'https://login.example';
const AUDIENCE = 'https://custody.example/mcp';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

let keys: Pair;
let others: Pair;
let provider: Server;
let jwks: string;
let asked = 0;
beforeAll(async () => {
  [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const published = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }] });
  provider = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(published);
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  jwks = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`;
});
afterAll(() => provider?.close());

const config = (more: object = {}) => ({
  issuer: ISSUER,
  jwks,
  algorithms: ['ES256'] as const,
  rolesClaim: 'scope',
  sessionClaim: 'custody_session',
  ...more,
});

const now = (): number => Math.floor(Date.now() / 1000);

const claims = (): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ann',
  jti: 'token-1',
  exp: now() + 300,
  scope: 'openid agent operator',
});

const sign = (more: JWTPayload = {}, { header = {}, key = keys }: { header?: object; key?: Pair } = {}) =>
  new SignJWT({ ...claims(), ...more }).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key.privateKey);

const codeOf = (token: string, issuers = new Issuers([config()], AUDIENCE)): Promise<string> =>
  issuers.callerOf(token, Date.now()).then(
    () => 'ok',
    (error: unknown) => (error instanceof CustodyError ? error.code : String(error)),
  );

describe('G4: a token of an identity provider', () => {
  test('says who it is, with the roles that it names', async () => {
    const caller = await new Issuers([config()], AUDIENCE).callerOf(await sign({ custody_session: 's-1' }), Date.now());
    expect(caller).toEqual({
      issuer: ISSUER,
      subject: 'ann',
      person: `${ISSUER}#ann`,
      token: 'token-1',
      roles: ['agent', 'operator'],
      session: 's-1',
    });
  });

  test('has its roles in another claim, where the configuration says so, and none in no claim', async () => {
    const issuers = new Issuers([config({ rolesClaim: 'realm_access.roles' })], AUDIENCE);
    const token = await sign({ realm_access: { roles: ['approver', 'admin'] }, jti: 'token-2' });
    expect(await issuers.callerOf(token, Date.now())).toMatchObject({ roles: ['approver'] });
    expect(await issuers.callerOf(await sign(), Date.now())).toMatchObject({ roles: [] });
  });

  test.each<[string, JWTPayload]>([
    ['of another audience', { aud: 'https://other.example/mcp' }],
    ['of a sibling', { aud: 'https://custody.example/mcp2' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that has expired', { exp: now() - 60 }],
    ['that never expires', { exp: undefined as unknown as number }],
    ['that is not valid yet', { nbf: now() + 3600 }],
    ['of nobody', { sub: undefined as unknown as string }],
    ['of one whose name is the records’ own', { sub: 'custody' }],
    ['whose subject has no end', { sub: 'x'.repeat(300) }],
    ['whose session is none', { custody_session: 7 }],
  ])('%s is not taken', async (_what, more) => {
    expect(await codeOf(await sign(more))).toBe('TOKEN_INVALID');
  });

  test('is not taken under a key, or an algorithm, that is not its issuer’s', async () => {
    expect(await codeOf(await sign({}, { key: others }))).toBe('TOKEN_INVALID');
    expect(await codeOf(await sign({}, { header: { kid: 'k2' } }))).toBe('TOKEN_INVALID');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encode({ alg: 'none' })}.${encode(claims())}.`;
    expect(await codeOf(unsigned)).toBe('TOKEN_INVALID');
    // The public key as the secret of an HMAC.
    const forged = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims())}`;
    const mac = createHmac('sha256', await exportSPKI(keys.publicKey))
      .update(forged)
      .digest('base64url');
    expect(await codeOf(`${forged}.${mac}`)).toBe('TOKEN_INVALID');
    const good = await sign();
    const [head = '', , signature = ''] = good.split('.');
    expect(await codeOf(`${head}.${encode({ ...claims(), sub: 'bob' })}.${signature}`)).toBe('TOKEN_INVALID');
    expect(await codeOf('cst_nonsense')).toBe('TOKEN_INVALID');
  });

  test('of keys that are not known does not have them asked for again and again', async () => {
    const issuers = new Issuers([config()], AUDIENCE);
    const before = asked;
    for (let each = 0; each < 20; each += 1)
      expect(await codeOf(await sign({}, { header: { kid: `unknown-${each}` } }), issuers)).toBe('TOKEN_INVALID');
    expect(asked - before).toBeLessThanOrEqual(2);
  });

  test('is neither good nor bad while the keys of its issuer cannot be read', async () => {
    const away = new Issuers([config({ jwks: 'http://127.0.0.1:1/jwks' })], AUDIENCE);
    expect(await codeOf(await sign(), away)).toBe('ISSUER_UNAVAILABLE');
  });
});
