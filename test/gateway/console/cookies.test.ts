import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOwn, Cookies } from '../../../gateway/console/cookies.ts';
import { Seal } from '../../../gateway/console/seal.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');
const isPlain = ({ hostname }: URL) => hostname === 'localhost';

const own = { 'sec-fetch-site': 'same-origin', 'x-custody': '1' };
const request = (headers: Record<string, string> = {}, method = 'GET', url = 'https://custody.example/api/v1/me') =>
  new Request(url, { method, headers });

/** The cookie that a browser sends back. */
const kept = (header: string): string => header.split(';')[0]!;

describe('G4, U2: the cookie of a log-in', () => {
  test.each([
    [
      'https://custody.example/console/login',
      /^__Host-custody=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    ],
    ['http://localhost:8080/console/login', /^custody-8080=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/],
  ])('%s: no script reads it and no other site has it sent; over plain HTTP for this machine alone', (url, form) => {
    const cookies = new Cookies({ secret: undefined, isPlain });
    expect(cookies.login(request({}, 'POST', url), 'cst_secret', NOW)).toMatch(form);
  });

  test('holds the token sealed: any process of the same secret knows it, no other', () => {
    const one = new Cookies({ secret: 'a secret of the deployment', isPlain });
    const cookie = kept(one.login(request(), 'cst_secret', NOW));
    expect(cookie).not.toContain(Buffer.from('cst_secret').toString('base64url').slice(0, 8));
    const again = new Cookies({ secret: 'a secret of the deployment', isPlain });
    expect(again.tokenIn(request({ ...own, cookie }), NOW)).toBe('cst_secret');
    for (const secret of ['another secret', undefined])
      expect(new Cookies({ secret, isPlain }).tokenIn(request({ ...own, cookie }), NOW)).toBeUndefined();
  });

  test('ends after 12 hours, however long its token is valid', () => {
    const cookies = new Cookies({ secret: undefined, isPlain });
    const cookie = kept(cookies.login(request(), 'cst_secret', NOW));
    expect(cookies.tokenIn(request({ ...own, cookie }), NOW + 12 * HOUR - 1)).toBe('cst_secret');
    expect(cookies.tokenIn(request({ ...own, cookie }), NOW + 12 * HOUR)).toBeUndefined();
  });

  test('is of no use once a single character of it is another', () => {
    const seal = new Seal('test', undefined);
    const sealed = seal.seal('cst_secret');
    fc.assert(
      fc.property(fc.nat(sealed.length - 2), fc.constantFrom(...'ABCdef019_-'), (at, char) => {
        fc.pre(sealed[at] !== char);
        expect(seal.open(sealed.slice(0, at) + char + sealed.slice(at + 1))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => seal.open(text) === undefined));
  });

  test('is of its purpose: what another purpose sealed with the same secret is not taken', () => {
    expect(new Seal('one', 'secret').open(new Seal('two', 'secret').seal('x'))).toBeUndefined();
    expect(new Seal('one', 'secret').open(new Seal('one', 'secret').seal('x'))).toBe('x');
  });

  test('a token that no browser would keep in it is refused, with what to do', () => {
    const cookies = new Cookies({ secret: undefined, isPlain });
    expect(() => cookies.login(request(), 'x'.repeat(4000), NOW)).toThrow(/too long for a cookie: use an API key/);
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
