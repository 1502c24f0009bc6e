import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { bearer, CALL_ID, House, type ServeProcess } from './house.ts';
import { askAt } from './raw.ts';

let house: House;
let gateway: ServeProcess;
beforeAll(async () => {
  house = await House.open({ config: { telemetry: { prometheus: true } } });
  gateway = await house.serve();
});
afterAll(() => house?.close());

const read = async (token?: string): Promise<Response> =>
  fetch(`${gateway.url}/metrics`, { headers: token === undefined ? {} : bearer(token) });

test('A8: what the gateway does is counted by route and outcome, for those who may read it', async () => {
  const id = await house.harness.running();
  const [agent, auditor] = await Promise.all([
    house.token({ session: id }),
    house.token({ subject: 'prometheus', role: ['auditor'] }),
  ]);
  expect([(await read()).status, (await read(agent.token)).status]).toEqual([401, 403]);
  expect((await askAt(gateway.url, agent.token)).status).toBe(200);
  expect((await askAt(gateway.url, agent.token, { path: '/mcp/other' })).status).toBe(404);
  expect((await askAt(gateway.url, 'cst_wrong')).status).toBe(401);
  const waiting = askAt(gateway.url, agent.token, {
    method: 'tools/call',
    headers: { 'mcp-name': 'append' },
    params: { name: 'append', arguments: { text: 'counted', gate: 'g' }, _meta: { [CALL_ID]: 'c1' } },
  });
  await until('the tool runs', () => house.harness.phasesOf('counted') === 'begin');
  const text = await (await read(auditor.token)).text();
  const valueOf = (line: RegExp): string | undefined => line.exec(text)?.[1];
  const counted = (route: string, status: number): string | undefined =>
    valueOf(
      new RegExp(
        `http_server_request_duration_count\\{[^}]*http_route="${route}"[^}]*status_code="${status}"[^}]*\\} (\\d+)`,
      ),
    );
  expect([counted('/mcp', 200), counted('/mcp', 401), counted('/mcp/\\{session\\}', 404)]).toEqual(['1', '1', '1']);
  expect(valueOf(/custody_gateway_logins_refused_total(?:\{[^}]*\})? (\d+)/)).toBe('1');
  // That call, and this reading, which is counted by none of the two.
  expect(valueOf(/custody_gateway_requests_open(?:\{[^}]*\})? (\d+)/)).toBe('1');
  expect(valueOf(/custody_gateway_streams_open(?:\{[^}]*\})? (\d+)/)).toBe('0');
  expect(text).not.toContain('desk-bot');
  expect(text).not.toContain(id);
  house.harness.open('g');
  await waiting;
});
