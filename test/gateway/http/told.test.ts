import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { House, type ServeProcess } from './house.ts';

const TELLING = fileURLToPath(new URL('../../servers/telling.mjs', import.meta.url));

let house: House;
let gateway: ServeProcess;
beforeAll(async () => {
  house = await House.open({
    servers: { telling: { command: process.execPath, args: [TELLING] } },
    tools: { 'telling.tell': { effect: 'read-only' } },
  });
  gateway = await house.serve();
});
afterAll(() => house?.close());

const STEPS = [
  { progress: 1, total: 2 },
  { level: 'warning', data: 'hot' },
  { level: 'debug', data: 'of no interest' },
  { progress: 2, total: 2 },
];

test.each(['2026', '2025'] as const)(
  'G1: what a server says in a call reaches a client of %s over HTTP before the answer, and no other of its key',
  async (generation) => {
    const session = await house.harness.running({ servers: ['telling'] });
    const { token } = await house.token({ session });
    const client = await house.connect(`${gateway.url}/mcp`, token, generation);
    const said: unknown[] = [];
    client.setNotificationHandler('notifications/message', ({ params: { level, logger, data } }) => {
      said.push({ level, logger, data });
    });
    client.setNotificationHandler('notifications/progress', ({ params: { progress } }) => void said.push(progress));
    if (generation === '2025') await client.setLoggingLevel('info');
    const level = generation === '2026' ? { 'io.modelcontextprotocol/logLevel': 'info' } : {};
    await client.callTool({ name: 'tell', arguments: { steps: STEPS }, _meta: { progressToken: 'p', ...level } });
    expect(said).toEqual([1, { level: 'warning', logger: 'telling', data: 'hot' }, 2]);
    const other = await house.connect(`${gateway.url}/mcp`, token, generation);
    const heard: unknown[] = [];
    other.setNotificationHandler('notifications/message', ({ params }) => void heard.push(params));
    await other.callTool({ name: 'tell', arguments: { steps: STEPS } });
    expect(heard).toEqual([]);
  },
);
