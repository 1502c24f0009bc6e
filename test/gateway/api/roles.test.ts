import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ROUTES } from '../../../gateway/api/table.ts';
import type { Route } from '../../../gateway/api/route.ts';
import { ACTS } from '../../../protocol/identity/roles.ts';
import { type Role, ROLES } from '../../../protocol/identity/standing.ts';
import { Desk } from './desk.ts';

let desk: Desk;
let [own, theirs, mine] = ['', '', ''];
const keys = new Map<Role, string>();
const bound = new Map<Role, string>();
beforeAll(async () => {
  desk = await Desk.open();
  [own, theirs] = [await desk.house.harness.running(), await desk.house.harness.running()];
  // Others use this Temporal as well: nobody there has such a name.
  const named = (role: Role): string => `${role}.${own}`;
  ({ id: mine } = await desk.house.harness.custody.as(named('agent')).start(desk.house.harness.spec()));
  for (const role of ROLES) keys.set(role, await desk.key(role, named(role)));
  for (const role of ROLES) bound.set(role, await desk.key(role, `${role}-of-one`, own));
});
afterAll(() => desk?.close());

/** A body that nothing takes: who may ask is told what is wrong with it, and nothing is done. */
const WRONG = { nobody: 'takes this' };

async function askFor({ method, path }: Route, key: string, session: string) {
  const url = path.replace('{id}', session).replace(/\{\w+\}/g, 'none');
  const response = await desk.ask(
    key,
    `${url}?nobody=takes-this`,
    method === 'POST' ? { method, body: WRONG } : { method },
  );
  const { error } = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...error };
}

const rolesOf = ({ who }: Route): readonly Role[] => (typeof who === 'string' ? ACTS[who].roles : who);

describe.each(ROUTES)('G4: $method $path', (row) => {
  const needed = rolesOf(row);

  test('takes the roles that may, and no other', async () => {
    for (const [role, key] of keys) {
      const may = needed.length === 0 || needed.includes(role);
      const expected = may ? [400, 'REQUEST_REFUSED'] : [403, 'ROLE_MISSING'];
      for (const [whose, session] of Object.entries({ mine, theirs })) {
        const { status, code } = await askFor(row, key, session);
        // An agent knows of its own sessions alone.
        const isHidden = role === 'agent' && whose === 'theirs' && row.path.includes('{id}');
        expect([role, whose, status, code]).toEqual([
          role,
          whose,
          ...(isHidden ? [404, 'SESSION_NOT_FOUND'] : expected),
        ]);
      }
    }
  });

  test.runIf(row.path.includes('{id}'))('is absent for a token of another session, whatever its role', async () => {
    for (const [role, key] of bound) {
      const may = needed.includes(role);
      const hidden = await askFor(row, key, theirs);
      const absent = await askFor(row, key, 'no-such');
      expect(hidden).toMatchObject({ status: 404, code: 'SESSION_NOT_FOUND' });
      expect(hidden.message!.replace(theirs, 'X')).toBe(absent.message!.replace('no-such', 'X'));
      expect((await askFor(row, key, own)).status).toBe(may ? 400 : 403);
    }
  });
});

test('G4: without a token, and with a bad one, nobody is answered', async () => {
  for (const { method, path } of ROUTES) {
    const url = `${desk.url}${path.replace('{id}', own).replace(/\{\w+\}/g, 'none')}`;
    const none = await fetch(url, { method });
    expect([none.status, ((await none.json()) as { error: { code: string } }).error.code]).toEqual([
      401,
      'TOKEN_MISSING',
    ]);
  }
  const bad = await desk.ask('nonsense', '/me');
  expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  const weak = await desk.ask(keys.get('auditor')!, `/sessions/${own}/commands/resume`, { method: 'POST' });
  expect(weak.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="operator"');
  expect((await fetch(`${desk.url}/openapi.json`)).status).toBe(200);
});

test('G4: lists show a token of one session that one alone', async () => {
  const key = bound.get('operator')!;
  await vi.waitFor(async () => {
    const { sessions } = await desk.get(key, '/sessions');
    expect((sessions as { id: string }[]).map(({ id }) => id)).toEqual([own]);
  }, 120_000);
  const { sessions } = await desk.get(key, '/costs');
  expect((sessions as { id: string }[]).map(({ id }) => id)).toEqual([own]);
  await desk.get(key, `/costs?session=${theirs}`, 404);
  await desk.get(key, `/incidents?session=${theirs}`, 404);
  await desk.get(key, `/notices?session=${theirs}`, 404);
  await desk.post(key, '/policy/explain', { session: theirs, callId: 'x' }, 404);
  await desk.get(key, '/budgets/any', 404);
  const agents = await desk.get(keys.get('agent')!, '/costs');
  const known = (agents.sessions as { id: string }[]).map(({ id }) => id);
  expect([known.includes(mine), known.includes(own), known.includes(theirs)]).toEqual([true, false, false]);
  await desk.get(keys.get('agent')!, `/costs?session=${theirs}`, 404);
  const agent = bound.get('agent')!;
  const spec = desk.house.harness.spec();
  expect(await desk.post(agent, '/sessions', { spec }, 403)).toMatchObject({ error: { code: 'ROLE_MISSING' } });
});
