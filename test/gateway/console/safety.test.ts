import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeTokens, tokensFileOf } from '../../../cli/serve/tokens.ts';
import { withoutBrowser } from '../../audit/use/browser.ts';
import { House, type ServeProcess } from '../http/house.ts';
import { Place } from './visit.ts';

const OWN = { 'sec-fetch-site': 'same-origin', 'x-custody': '1' };

describe('G4: what a log-in is good for', () => {
  let house: House;
  let gateway: ServeProcess;
  let token: { readonly id: string; readonly token: string };
  beforeAll(async () => {
    house = await House.open(
      { files: { secret: 'a secret of this deployment, in a file' } },
      { secret: { fromFile: 'secret' } },
    );
    gateway = await house.serve();
    token = await house.token({ subject: 'ann', role: ['operator', 'approver'] });
  });
  afterAll(() => house?.close());

  const post = (path: string, body: object, headers: Record<string, string> = OWN) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const login = async (key = token.token) => {
    const response = await post('/console/login', { token: key });
    expect(response.status).toBe(200);
    return response.headers.get('set-cookie')!.split(';')[0]!;
  };
  const get = (path: string, headers: Record<string, string>) => fetch(`${gateway.url}${path}`, { headers });

  test('it reads the API for a page of the console, and for no other', async () => {
    const cookie = await login();
    const mine = await get('/api/v1/me', { ...OWN, cookie });
    expect(await mine.json()).toMatchObject({ subject: 'ann', roles: ['operator', 'approver'] });
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await get('/api/v1/me', { 'sec-fetch-site': site, cookie })).status).toBe(403);
    expect((await get('/api/v1/me', { cookie })).status).toBe(403);
  });

  test('a command by it needs the header that no form can send, and does not come as GET', async () => {
    const cookie = await login();
    const id = await house.harness.running();
    const path = `/api/v1/sessions/${id}/commands/pause`;
    const { 'x-custody': _, ...unmarked } = OWN;
    expect((await post(path, {}, { ...unmarked, cookie })).status).toBe(403);
    expect((await post(path, {}, { ...OWN, 'sec-fetch-site': 'cross-site', cookie })).status).toBe(403);
    expect((await get(path, { ...OWN, cookie })).status).toBe(405);
    expect((await house.harness.custody.session(id).describe()).state).toBe('RUNNING');
    expect((await post(path, {}, { ...OWN, cookie })).status).toBe(200);
  });

  test('it opens no session to an MCP client', async () => {
    const cookie = await login();
    const id = await house.harness.running();
    expect((await post(`/mcp/${id}`, {}, { ...OWN, cookie })).status).toBe(401);
  });

  test('it ends with its key', async () => {
    const { id, token: key } = await house.token({ subject: 'bob', role: ['operator'] });
    const cookie = await login(key);
    expect((await get('/api/v1/me', { ...OWN, cookie })).status).toBe(200);
    await changeTokens(await tokensFileOf(house.config), (keys) => ({
      ...keys,
      [id]: { ...keys[id]!, revoked: true },
    }));
    const refused = await get('/api/v1/me', { ...OWN, cookie });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: 'TOKEN_INVALID' } });
  });

  test('another process of the deployment takes it', async () => {
    const cookie = await login();
    const other = await house.serve();
    const named = cookie.replace(/^custody-\d+/, `custody-${new URL(other.url).port}`);
    expect((await fetch(`${other.url}/api/v1/me`, { headers: { ...OWN, cookie: named } })).status).toBe(200);
  });

  test('logging out takes it out of the browser', async () => {
    const response = await post('/console/logout', {});
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(/^custody-\d+=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test.each([
    ['from another site', { token: 'x' }, { ...OWN, 'sec-fetch-site': 'cross-site' }, 403, 'PLACE_REFUSED'],
    ['without the header', { token: 'x' }, { 'sec-fetch-site': 'same-origin' }, 403, 'PLACE_REFUSED'],
    ['without a token', {}, OWN, 400, 'REQUEST_REFUSED'],
    ['with a list', [], OWN, 400, 'REQUEST_REFUSED'],
    ['with far too much', { token: 'x'.repeat(40_000) }, OWN, 400, 'REQUEST_REFUSED'],
    ['with a guessed link', { once: 'x' }, OWN, 401, 'TOKEN_INVALID'],
  ])('a log-in %s is refused by code', async (_what, body, headers, status, code) => {
    const response = await post('/console/login', body, headers as Record<string, string>);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('log-ins that fail are counted', async () => {
    const codes = [];
    for (let times = 0; times < 25; times += 1)
      codes.push((await post('/console/login', { token: 'cst_nonsense' })).status);
    expect(codes).toContain(429);
    await login();
  });

  test('the page runs no script but its own, and is in no frame', async () => {
    for (const path of ['/console', '/console/sessions/x', '/console/files/app.js', '/console/files/app.css']) {
      const response = await get(path, {});
      expect(response.status).toBe(200);
      const policy = response.headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
        expect(policy).toContain(part);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(await (await get('/console', {})).text()).not.toMatch(/<script(?![^>]* src=)|\son\w+=|style=/);
    for (const path of ['/console/files/../routes.js', '/console/files/%2e%2e%2froutes.js', '/console/files/main.tsx'])
      expect(await (await get(path, {})).text()).not.toContain('import ');
  });
});

describe.skipIf(withoutBrowser !== undefined)('G4: a page of somebody else, in the browser of who is logged in', () => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.open();
  });
  afterAll(() => place?.close());

  test('neither reads nor changes anything, nor shows the console in a frame', async () => {
    const { token } = await place.house.token({ subject: 'ann', role: ['operator'] });
    const id = await place.house.harness.running();
    const { page } = await place.enter(token);
    const evil = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>hello'));
    evil.listen(0, '127.0.0.1');
    await once(evil, 'listening');
    const { port } = evil.address() as AddressInfo;
    // Browsers take another port of this machine for the same site: cookies are sent.
    await page.goto(`http://127.0.0.1:${port}/`);
    const tried = await page.evaluate(
      `(async () => {
        const url = '${place.gateway.url}';
        const path = url + '/api/v1/sessions/${id}/commands/pause';
        const done = [];
        for (const [to, how] of [
          [url + '/api/v1/me', { credentials: 'include' }],
          [path, { method: 'POST', credentials: 'include', headers: { 'x-custody': '1' } }],
          [path, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' }],
        ])
          done.push(await fetch(to, how).then((answer) => answer.type + answer.status, () => 'refused'));
        const frame = document.body.appendChild(document.createElement('iframe'));
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
        frame.src = url + '/console';
        await loaded;
        return done;
      })()`,
    );
    expect(tried).toEqual(['refused', 'refused', 'opaque0']);
    const [, frame] = page.frames();
    expect(frame?.url() ?? '').not.toContain('/console');
    expect((await place.house.harness.custody.session(id).describe()).state).toBe('RUNNING');
    evil.close();
  });
});
