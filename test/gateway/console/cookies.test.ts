import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Seals } from '../../../gateway/auth/seals.ts';
import { checkOwn, Cookies } from '../../../gateway/console/cookies.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');
const isPlain = ({ hostname }: URL) => hostname === 'localhost';

const own = { 'sec-fetch-site': 'same-origin', 'x-custody': '1' };
const request = (headers: Record<string, string> = {}, method = 'GET', url = 'https://custody.example/api/v1/me') =>
  new Request(url, { method, headers });

/** The cookie that a browser sends back. */
const kept = (header: string): string => header.split(';')[0]!;

const cookiesOf = (secret?: string): Cookies => new Cookies({ seals: new Seals(secret), isPlain });

describe('G4, U2: the cookie of a log-in', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    [
      'https://custody.example/console/login',
      /^__Host-custody=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    ],
    [
      'http://localhost:8080/console/login',
      /^custody-8080=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    ],
  ])(
    '%s: no script reads it and no other site has it sent; over plain HTTP for this machine alone',
    async (url, form) => {
      expect(await cookiesOf().login(request({}, 'POST', url), 'cst_secret')).toMatch(form);
    },
  );

  test('holds the token sealed: any process of the same secret knows it, no other', async () => {
    const cookie = kept(await cookiesOf('a secret of the deployment').login(request(), 'cst_secret'));
    expect(cookie).not.toContain(Buffer.from('cst_secret').toString('base64url').slice(0, 8));
    const back = request({ ...own, cookie });
    expect(await cookiesOf('a secret of the deployment').tokenIn(back)).toBe('cst_secret');
    for (const secret of ['another secret', undefined]) expect(await cookiesOf(secret).tokenIn(back)).toBeUndefined();
  });

  test('ends after 12 hours, however long its token is valid', async () => {
    const cookies = cookiesOf();
    const cookie = kept(await cookies.login(request(), 'cst_secret'));
    vi.setSystemTime(NOW + 12 * HOUR - 1000);
    expect(await cookies.tokenIn(request({ ...own, cookie }))).toBe('cst_secret');
    vi.setSystemTime(NOW + 12 * HOUR);
    expect(await cookies.tokenIn(request({ ...own, cookie }))).toBeUndefined();
  });

  test('is of no use once a single character of it is another', async () => {
    const cookies = cookiesOf();
    const [name, sealed = ''] = kept(await cookies.login(request(), 'cst_secret')).split('=');
    const tokenIn = (value: string) => cookies.tokenIn(request({ ...own, cookie: `${name}=${value}` }));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 2), fc.constantFrom(...'ABCdef019_-'), async (at, char) => {
        fc.pre(sealed[at] !== char);
        expect(await tokenIn(sealed.slice(0, at) + char + sealed.slice(at + 1))).toBeUndefined();
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\w.-]{1,200}$/), async (text) => (await tokenIn(text)) === undefined),
    );
  });

  test('is of its purpose: what another purpose sealed with the same secret is not taken', async () => {
    const cookie = `__Host-custody=${await new Seals('secret').seal('state', '', { token: 'cst_secret' })}`;
    expect(await cookiesOf('secret').tokenIn(request({ ...own, cookie }))).toBeUndefined();
  });

  test('a token that no browser would keep in it is refused, with what to do', async () => {
    await expect(cookiesOf().login(request(), 'x'.repeat(4000))).rejects.toThrow(
      /too long for a cookie: use an API key/,
    );
  });
});

describe('G4: whose request a log-in counts for', () => {
  const from =
    (headers: Record<string, string>, method = 'GET') =>
    () =>
      checkOwn(request(headers, method));

  test.each([
    ['a page of the console', { 'sec-fetch-site': 'same-origin' }],
    ['one that an older browser shows', { origin: 'https://custody.example' }],
  ])('%s: it does', (_who, headers) => {
    expect(from(headers)).not.toThrow();
    expect(from({ ...headers, 'x-custody': '1' }, 'POST')).not.toThrow();
    expect(from(headers, 'POST'), 'a form cannot send the header').toThrow(/X-Custody: 1/);
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of the same machine', { 'sec-fetch-site': 'same-site', origin: 'https://custody.example' }],
    ['a link in a mail', { 'sec-fetch-site': 'none' }],
    ['a page of another origin', { origin: 'https://custody.example.evil' }],
    ['a page in a sandbox', { origin: 'null' }],
    ['nobody who says so', {}],
  ])('%s: it does not', (_who, headers) => {
    for (const method of ['GET', 'POST'])
      expect(from({ ...(headers as Record<string, string>), 'x-custody': '1' }, method)).toThrow(
        /pages of the console/,
      );
  });
});
