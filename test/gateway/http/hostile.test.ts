import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspector } from '../../../cli/serve/inspect.ts';
import { loadOperatorConfig } from '../../../config/operator.ts';
import { loadTokens } from '../../../config/serve/load.ts';
import { serveHttp, type HttpGateway } from '../../../gateway/http/serve.ts';
import { ApiKeys } from '../../../gateway/auth/apiKeys.ts';
import { asWritten, changeTokens } from '../../../cli/serve/tokens.ts';
import { bearer, House } from './house.ts';
import { askAt, type Asked, BASE } from './raw.ts';

const PER_MINUTE = 30;

let house: House;
let gateway: HttpGateway;
let url: string;
let session: string;
let good: string;
const refused: string[] = [];
const WHERE = 'resource_metadata="https://custody.example/.well-known/oauth-protected-resource/mcp"';
beforeAll(async () => {
  house = await House.open();
  gateway = await serveHttp({
    host: '127.0.0.1',
    port: 0,
    custody: house.harness.custody,
    version: '1',
    tokens: new ApiKeys(`${house.harness.dir}/tokens.json`),
    url: 'https://custody.example',
    issuers: ['https://login.example'],
    origins: ['https://allowed.example'],
    isLocal: true,
    requestsPerMinute: PER_MINUTE,
    sessionsPerHour: 3,
    agents: {},
    parkAfter: undefined,
    patience: 1500,
    inspect: inspector(await loadOperatorConfig(house.config)),
    onRefused: (_from, why) => refused.push(why),
    onTrouble: () => undefined,
  });
  url = `http://127.0.0.1:${gateway.port}`;
  session = await house.harness.running();
  good = (await house.token({ session })).token;
});
afterAll(async () => {
  await gateway?.close();
  await house?.close();
});

const ask = (token: string | undefined, asked: Partial<Asked> = {}): Promise<Response> => askAt(url, token, asked);
const challengeOf = ({ headers }: Response): string | null => headers.get('www-authenticate');

describe('G4: who is let in', () => {
  test('a good key is, and is told what there is', async () => {
    const response = await ask(good);
    expect(response.status).toBe(200);
    expect(JSON.stringify(await response.json())).toContain('custody_status');
  });

  test('without a token there is a challenge that says where to get one, with a bad one it says so, too', async () => {
    const none = await ask(undefined);
    expect([none.status, challengeOf(none)]).toEqual([401, `Bearer ${WHERE}`]);
    expect(JSON.stringify(await none.json())).toContain('TOKEN_MISSING');
    const other = await house.token();
    const bad = [
      'nonsense',
      good.slice(0, -1),
      `${good.slice(0, 30)}${good[30] === 'a' ? 'b' : 'a'}${good.slice(31)}`,
      // The id of one key, the secret of another.
      `${good.slice(0, 20)}${other.token.slice(20)}`,
    ];
    for (const token of bad) {
      const response = await ask(token);
      expect([response.status, challengeOf(response)]).toEqual([401, `Bearer error="invalid_token", ${WHERE}`]);
    }
    const basic = await ask(undefined, { headers: { authorization: 'Basic YTpi' } });
    expect([basic.status, challengeOf(basic)]).toEqual([401, `Bearer error="invalid_token", ${WHERE}`]);
    expect((await fetch(`${url}/mcp?access_token=${good}`, { method: 'POST', headers: BASE })).status).toBe(401);
    expect(refused.join()).not.toContain(good.slice(21));
  });

  test('a key that was revoked, or has expired, is not taken from then on', async () => {
    const file = `${house.harness.dir}/tokens.json`;
    const key = await house.token({ subject: 'tester' });
    const path = `/mcp/${session}`;
    expect((await ask(key.token, { path })).status).toBe(200);
    await changeTokens(file, (all) => ({ ...all, [key.id]: { ...all[key.id]!, revoked: true } }));
    expect(JSON.stringify(await (await ask(key.token, { path })).json())).toContain('was revoked');
    const old = await house.token();
    await changeTokens(file, (all) => ({ ...all, [old.id]: { ...all[old.id]!, until: Date.now() - 1000 } }));
    expect(JSON.stringify(await (await ask(old.token, { path })).json())).toContain('was valid until');
  });

  test('a file of keys that cannot be read lets nobody in', async () => {
    const { tokens } = await loadTokens(`${house.harness.dir}/tokens.json`);
    const written = Object.fromEntries(Object.entries(tokens).map(([id, each]) => [id, asWritten(each)]));
    await house.harness.write('tokens.json', '{"tokens": [');
    const response = await ask(good);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    await house.harness.write('tokens.json', { tokens: written });
    expect((await ask(good)).status).toBe(200);
  });

  test('a role that calls nothing is told which one is needed', async () => {
    const { token } = await house.token({ role: ['operator', 'auditor'] });
    const response = await ask(token, { path: `/mcp/${session}` });
    expect([response.status, challengeOf(response)]).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="agent", ${WHERE}`,
    ]);
  });

  test("another's session looks like one that is not there", async () => {
    const theirs = await house.harness.running();
    const any = (await house.token({ role: ['agent', 'operator'] })).token;
    const answers = await Promise.all([
      ask(good, { path: `/mcp/${theirs}` }),
      ask(good, { path: '/mcp/no-such-session' }),
      ask(any, { path: '/mcp/no-such-session' }),
      ask(any, { path: '/mcp' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const [forbidden, absent] = await Promise.all(answers.map((each) => each.text()));
    expect(forbidden?.replace(theirs, 'X')).toBe(absent?.replace('no-such-session', 'X'));
    expect((await ask(any, { path: `/mcp/${theirs}` })).status).toBe(200);
    const { temporal, taskQueue } = house.harness.custody;
    const workflowId = `${theirs}/other`;
    const { firstExecutionRunId: run } = await temporal.workflow.start('other', {
      taskQueue: `${taskQueue}-`,
      workflowId,
    });
    expect((await ask(any, { path: `/mcp/${encodeURIComponent(workflowId)}` })).status).toBe(404);
    await temporal.workflow.getHandle(workflowId, run).terminate();
  });

  test('who asks too often is told when to come again', async () => {
    const { token } = await house.token({ session });
    const statuses: number[] = [];
    for (let each = 0; each <= PER_MINUTE; each += 1)
      statuses.push((await ask(token, { method: 'server/discover' })).status);
    expect(statuses.slice(0, PER_MINUTE).every((status) => status === 200)).toBe(true);
    const last = await ask(token);
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask((await house.token({ session })).token)).status).toBe(200);
  });
});

describe('G4: what is let in', () => {
  const status = async (more: Partial<Asked>): Promise<number> => (await ask(await fresh(), more)).status;
  const fresh = async (): Promise<string> => (await house.token({ session })).token;

  test('a name that leads here is not enough, nor is a page of another origin', async () => {
    const token = await fresh();
    const asHost = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(`${url}/mcp`, { method: 'POST', headers: { ...BASE, ...bearer(token), host } });
        sent.on('response', (response) => (response.resume(), resolve(response.statusCode)));
        sent.on('error', reject);
        sent.end('{}');
      });
    expect(await asHost('evil.example')).toBe(403);
    expect(await asHost('127.0.0.1.evil.example')).toBe(403);
    expect(await status({ headers: { origin: 'https://evil.example' } })).toBe(403);
    expect(await status({ headers: { origin: 'null' } })).toBe(403);
    expect(await status({ headers: { origin: 'https://allowed.example' } })).toBe(200);
    const preflight = { method: 'OPTIONS', headers: { origin: 'https://allowed.example' } };
    expect((await fetch(`${url}/mcp`, preflight)).headers.get('access-control-allow-origin')).toBe(
      'https://allowed.example',
    );
  });

  test('a header that says otherwise than the body is refused', async () => {
    expect(await status({ headers: { 'mcp-method': 'tools/call' } })).toBe(400);
    expect(await status({ headers: { 'mcp-protocol-version': '2025-11-25' } })).toBe(400);
    const call = { method: 'tools/call', params: { name: 'append', arguments: { text: 'smuggled' } } };
    expect(await status({ ...call, headers: { 'mcp-name': 'lookup' } })).toBe(400);
    expect(await status(call)).toBe(400);
    expect(house.harness.phasesOf('smuggled')).toBe('');
    expect(await status({ ...call, headers: { 'mcp-name': 'append' } })).toBe(200);
  });

  test.each([
    ['no JSON', '{"jsonrpc":', 400],
    ['nothing', '', 400],
    ['several messages in one', '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', 400],
    ['nested beyond measure', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400],
    ['too long', JSON.stringify({ text: 'x'.repeat(10 * 1024 * 1024) }), 413],
  ])('a body that is %s is refused', async (_what, body, expected) => {
    expect(await status({ body })).toBe(expected);
  });

  test('a body of another kind, or compressed, is refused unread', async () => {
    expect(await status({ headers: { 'content-type': 'text/plain' } })).toBe(415);
    expect(await status({ headers: { 'content-encoding': 'gzip' } })).toBe(415);
  });

  test('a body that does not come is not waited for, and neither is a head', async () => {
    const token = await fresh();
    const head = `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`;
    const said = (start: string): Promise<string> => {
      const socket = connect(gateway.port, '127.0.0.1');
      socket.write(start);
      return textOf(socket);
    };
    const slow = said(`${head}authorization: Bearer ${token}\r\ncontent-length: 1000\r\n\r\n{"jsonrpc"`);
    const headless = said(head);
    expect(await slow).toMatch(/^HTTP\/1\.1 40[08] /);
    expect(await headless).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('other methods and places have nothing', async () => {
    const token = await fresh();
    for (const method of ['GET', 'DELETE', 'PUT'])
      expect((await fetch(`${url}/mcp`, { method, headers: bearer(token) })).status).toBe(405);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });
});

test('U3: probes need no token, and say nothing', async () => {
  expect([(await fetch(`${url}/healthz`)).status, await (await fetch(`${url}/readyz`)).text()]).toEqual([200, 'ok\n']);
});

test('G4: where tokens come from is told to anybody, for each address of a session', async () => {
  for (const path of ['', '/mcp', `/mcp/${session}`]) {
    const response = await fetch(`${url}/.well-known/oauth-protected-resource${path}`);
    expect(await response.json()).toMatchObject({
      resource: 'https://custody.example/mcp',
      authorization_servers: ['https://login.example'],
      bearer_methods_supported: ['header'],
    });
  }
});
