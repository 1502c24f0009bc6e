import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sessionIdOf } from '../../../gateway/open/name.ts';
import { bearer, CALL_ID, House, type ServeProcess } from './house.ts';
import { askAt, BASE } from './raw.ts';

const SPEC = { agent: { id: 'desk', version: '1' }, profile: 'standard', servers: ['journal'] };
const AGENTS = {
  desk: 'desk.yaml',
  team: 'team.yaml',
  broken: 'broken.yaml',
};

let house: House;
let gateway: ServeProcess;
let second: ServeProcess;
beforeAll(async () => {
  const files = {
    'desk.yaml': SPEC,
    'team.yaml': { ...SPEC, labels: { team: 'blue' } },
    'broken.yaml': { agent: 'secret of the operator' },
  };
  house = await House.open({ files }, { agents: AGENTS, sessionsPerHour: 5 });
  [gateway, second] = await Promise.all([house.serve(), house.serve()]);
});
afterAll(() => house?.close());

const idOf = (subject: string, agent = 'desk', name = ''): string =>
  sessionIdOf({ issuer: 'custody', subject, person: subject, token: '', roles: [] }, agent, name);
const isThere = (id: string): Promise<boolean> =>
  house.harness.custody
    .session(id)
    .state()
    .then(
      () => true,
      () => false,
    );
const path = '/mcp/agents/desk';

describe.each(['2026', '2025'] as const)('G1: an agent of generation %s opens its session by a URL', (generation) => {
  test('with the first request that needs one, and is led back to it by any process', async () => {
    const subject = `opener-${generation}`;
    const { token } = await house.token({ subject });
    const client = await house.connect(`${gateway.url}${path}`, token, generation);
    expect(client.getInstructions()).toContain("'desk'");
    await client.ping().catch(() => undefined); // There is none since 2026-07-28.
    expect(await isThere(idOf(subject))).toBe(false);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('append');
    expect(await isThere(idOf(subject))).toBe(true);
    const text = `first of ${subject}`;
    expect(await client.callTool({ name: 'append', arguments: { text } })).toMatchObject({
      content: [{ text: `appended ${text}` }],
    });
    const again = await house.connect(`${second.url}${path}`, token, generation);
    expect(again.getInstructions()).toContain(idOf(subject));
    expect(again.getInstructions()).toContain(text);
    const { calls } = await house.harness.custody.session(idOf(subject)).recentCalls();
    expect(calls).toHaveLength(1);
  });

  test('once that has ended in the next, where a call that the first one took is not made a second time', async () => {
    const subject = `goes-on-${generation}`;
    const { token } = await house.token({ subject });
    const client = await house.connect(`${gateway.url}${path}`, token, generation);
    const text = `once of ${subject}`;
    const call = { name: 'append', arguments: { text }, _meta: { [CALL_ID]: 'c1' } };
    await client.callTool(call);
    const first = house.harness.custody.session(idOf(subject));
    await first.complete();
    await first.wait();
    const other = await house.connect(`${second.url}${path}`, token, generation);
    await other.listTools();
    expect((await house.harness.custody.session(`${first.id}.2`).describe()).labels).toMatchObject({
      successorOf: first.id,
    });
    expect(await other.callTool(call)).toMatchObject({ content: [{ text: `appended ${text}` }] });
    expect(house.harness.phasesOf(text)).toBe('begin end');
    expect(await other.callTool({ ...call, _meta: { [CALL_ID]: 'c2' } })).toMatchObject({
      content: [{ text: `appended ${text}` }],
    });
    expect(house.harness.phasesOf(text)).toBe('begin end begin end');
  });
});

test('G1, L6: requests at once, to two processes, open one session', async () => {
  const { token } = await house.token({ subject: 'crowd' });
  const urls = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? gateway.url : second.url));
  const answers = await Promise.all(urls.map((url) => askAt(url, token, { path })));
  expect(answers.map(({ status }) => status)).toEqual(urls.map(() => 200));
  expect(await isThere(`${idOf('crowd')}.2`)).toBe(false);
});

test('G1: a probe opens nothing', async () => {
  const { token } = await house.token({ subject: 'prober' });
  expect((await askAt(gateway.url, token, { path, method: 'server/discover' })).status).toBe(200);
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'probe', version: '1' } },
  };
  const headers = { ...BASE, ...bearer(token) };
  const send = (message: object): Promise<Response> =>
    fetch(`${gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(message) });
  expect((await send(initialize)).status).toBe(200);
  expect((await send({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202);
  expect((await send({ jsonrpc: '2.0', id: 2, method: 'ping' })).status).toBe(200);
  expect((await fetch(`${gateway.url}${path}`, { headers: bearer(token) })).status).toBe(405);
  expect(await isThere(idOf('prober'))).toBe(false);
});

test('G4: a subject has a session for each name that it gives, in message or header; two share none', async () => {
  const [ann, bob] = await Promise.all([house.token({ subject: 'ann' }), house.token({ subject: 'bob' })]);
  const named = { 'custody-session': 'work' };
  for (const { token } of [ann, bob])
    expect((await askAt(gateway.url, token, { path, headers: named })).status).toBe(200);
  expect(await isThere(idOf('ann', 'desk', 'work'))).toBe(true);
  expect(await isThere(idOf('bob', 'desk', 'work'))).toBe(true);
  expect(idOf('ann', 'desk', 'work')).not.toBe(idOf('bob', 'desk', 'work'));
  expect((await askAt(gateway.url, ann.token, { path, headers: { 'custody-session': 'a b' } })).status).toBe(400);
  const theirs = await askAt(gateway.url, bob.token, { path: `/mcp/${idOf('ann', 'desk', 'work')}` });
  expect(theirs.status).toBe(404);
  expect((await askAt(gateway.url, ann.token, { path: `/mcp/${idOf('ann', 'desk', 'work')}` })).status).toBe(200);
});

test('G4: an id that somebody else took first leads nobody there', async () => {
  await house.harness.custody.as('mallory').start(house.harness.spec(), { id: idOf('victim') });
  const { token } = await house.token({ subject: 'victim' });
  expect((await askAt(gateway.url, token, { path })).status).toBe(404);
});

test('G4: what a caller may not open looks like what is not there', async () => {
  const [plain, red, blue, bound, operator] = await Promise.all([
    house.token({ subject: 'plain' }),
    house.token({ subject: 'red', label: { team: 'red' } }),
    house.token({ subject: 'blue', label: { team: 'blue' } }),
    house.token({ subject: 'bound', session: 'some' }),
    house.token({ subject: 'operator', role: ['operator'] }),
  ]);
  const asked = async (token: string, agent: string): Promise<[number, string]> => {
    const response = await askAt(gateway.url, token, { path: `/mcp/agents/${agent}` });
    return [response.status, (await response.text()).replaceAll(agent, 'X')];
  };
  const absent = await asked(plain.token, 'nobody');
  expect(absent[0]).toBe(404);
  expect(await asked(red.token, 'team')).toEqual(absent);
  expect(await asked(bound.token, 'desk')).toEqual(absent);
  for (const name of ['..', 'desk.yaml', '%2e%2e%2fdesk', '__proto__', 'constructor'])
    expect((await asked(plain.token, name))[0]).toBe(404);
  expect((await asked(operator.token, 'desk'))[0]).toBe(403);
  expect((await asked(blue.token, 'team'))[0]).toBe(200);
  const broken = await asked(plain.token, 'broken');
  expect(broken[0]).toBeGreaterThanOrEqual(400);
  expect(broken[1]).toContain('SPEC_INVALID');
  expect(broken[1]).not.toContain('secret of the operator');
  expect(await isThere(idOf('operator'))).toBe(false);
});

test('G4: a subject opens so many sessions in an hour, whatever it calls them, and by whichever key', async () => {
  const keys = await Promise.all([house.token({ subject: 'greedy' }), house.token({ subject: 'greedy' })]);
  const open = (n: number): Promise<Response> =>
    askAt(gateway.url, keys[n % 2]!.token, { path, headers: { 'custody-session': `s${n}` } });
  for (let n = 0; n < 5; n += 1) expect((await open(n)).status).toBe(200);
  const refused = await open(5);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
  expect((await open(0)).status).toBe(200);
});
