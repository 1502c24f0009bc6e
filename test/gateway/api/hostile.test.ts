import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer } from '../http/house.ts';
import { Desk, type Said } from './desk.ts';

let desk: Desk;
let id: string;
let key: string;
beforeAll(async () => {
  desk = await Desk.open();
  id = await desk.house.harness.running();
  key = await desk.key(['operator', 'agent', 'auditor'], 'ann');
});
afterAll(() => desk?.close());

const answer = async (path: string, said: Said = {}): Promise<readonly [number, string]> => {
  const response = await desk.ask(key, path, said);
  const { error } = (await response.json()) as { error?: { code: string; message: string; remedy: string } };
  if (error) expect([typeof error.message, typeof error.remedy]).toEqual(['string', 'string']);
  return [response.status, error?.code ?? ''];
};
const pause = (body: unknown, headers = {}): Promise<readonly [number, string]> =>
  answer(`/sessions/${id}/commands/pause`, { method: 'POST', body, headers });

describe('G4: what the API is sent', () => {
  test.each([
    ['is no JSON', '{"reason":', 400],
    ['is no object', '["pause"]', 400],
    ['is nested beyond measure', `{"reason":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400],
    ['is larger than 10 MiB', JSON.stringify({ reason: 'x'.repeat(10 * 1024 * 1024) }), 413],
    ['has a field that is not known', { reason: 'x', actor: 'root' }, 400],
    ['has a proof of its own', { proof: { key: 'k', at: 1, signature: '00' } }, 400],
    ['has a command id of its own', { commandId: 'x' }, 400],
    ['has a field of another kind', { reason: 7 }, 400],
    ['has a prototype', '{"__proto__":{"reason":"x"}}', 400],
    ['has a number that would lose digits', '{"reason":"x","n":12345678901234567890}', 400],
  ])('is refused where it %s, and nothing is done', async (_what, body, status) => {
    expect(await pause(body)).toEqual([status, 'REQUEST_REFUSED']);
    expect(await desk.get(key, `/sessions/${id}/state`)).toMatchObject({ state: 'RUNNING' });
  });

  test('is refused unread as another kind, or compressed', async () => {
    expect(await pause('reason=x', { 'content-type': 'application/x-www-form-urlencoded' })).toEqual([
      415,
      'REQUEST_REFUSED',
    ]);
    expect(await pause({}, { 'content-encoding': 'gzip' })).toEqual([415, 'REQUEST_REFUSED']);
  });

  test('changes nothing by GET, and by no other method than the one that is there', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
      const response = await desk.ask(key, `/sessions/${id}/commands/pause`, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
    expect((await desk.ask(key, '/me', { method: 'POST' })).headers.get('allow')).toBe('GET');
    expect(await answer('/nothing')).toEqual([404, 'REQUEST_REFUSED']);
    expect(await answer('/nothing', { method: 'POST', body: {} })).toEqual([404, 'REQUEST_REFUSED']);
    expect(await desk.get(key, `/sessions/${id}/state`)).toMatchObject({ state: 'RUNNING' });
  });

  test.each([
    '?limit=0',
    '?limit=1e3',
    '?limit=501',
    '?limit=5&limit=6',
    '?since=yesterday',
    '?label=x',
    '?nobody=x',
    '?inDoubt=1',
  ])('is refused as a query that cannot be taken: %s', async (query) => {
    expect(await answer(`/sessions${query}`)).toEqual([400, 'REQUEST_REFUSED']);
  });

  test('is refused as a state that there is not, or a cursor that no page gave', async () => {
    expect(await answer('/sessions?state=HAPPY')).toEqual([400, 'USAGE']);
    expect(await answer('/sessions?cursor=nonsense')).toEqual([400, 'USAGE']);
    expect(await answer(`/sessions?cursor=${'A'.repeat(9000)}`)).toEqual([400, 'USAGE']);
  });

  test('finds no session under an id that leads elsewhere, or under that of another workflow', async () => {
    const { temporal, taskQueue } = desk.house.harness.custody;
    const workflowId = `${id}/other`;
    const { firstExecutionRunId } = await temporal.workflow.start('other', { taskQueue: `${taskQueue}-`, workflowId });
    for (const named of [workflowId, `../sessions/${id}`, `..`, `${id}\0`, "' OR 1=1", 'x'.repeat(5000)])
      for (const path of ['', '/log', '/events', '/records', '/calls', '/commands/pause'])
        expect(
          await answer(
            `/sessions/${encodeURIComponent(named).replace(/^\.\.$/, '%2e%2e%2f')}${path}`,
            path.includes('pause') ? { method: 'POST', body: {} } : {},
          ),
        ).toEqual([404, 'SESSION_NOT_FOUND']);
    await temporal.workflow.getHandle(workflowId, firstExecutionRunId).terminate();
  });

  test('is refused under a key that was used for another request, and done once under its own', async () => {
    const checkpoint = (name: string) =>
      answer(`/sessions/${id}/commands/checkpoint`, {
        method: 'POST',
        body: { name },
        headers: { 'idempotency-key': 'k' },
      });
    expect(await checkpoint('one')).toEqual([200, '']);
    expect(await checkpoint('one')).toEqual([200, '']);
    expect(await checkpoint('two')).toEqual([409, 'COMMAND_ID_REUSED']);
    expect(await pause({}, { 'idempotency-key': 'k' })).toEqual([409, 'COMMAND_ID_REUSED']);
    expect(await pause({}, { 'idempotency-key': 'x'.repeat(201) })).toEqual([400, 'REQUEST_REFUSED']);
    const { checkpoints } = await desk.get(key, `/sessions/${id}`);
    expect((checkpoints as { name: string }[]).map(({ name }) => name)).toEqual(['one']);
  });

  test('is refused from a web page of another origin, and in words of the API', async () => {
    expect(await answer('/me', { headers: { origin: 'https://evil.example' } })).toEqual([403, 'PLACE_REFUSED']);
  });

  test('is not waited for where it does not come', async () => {
    const { port, hostname } = new URL(desk.url);
    const socket = connect(Number(port), hostname);
    const head = Object.entries({
      host: hostname,
      'content-type': 'application/json',
      'content-length': '9',
      ...bearer(key),
    });
    const lines = [
      `POST /api/v1/sessions/${id}/commands/pause HTTP/1.1`,
      ...head.map((each) => each.join(': ')),
      '',
      '{',
    ];
    socket.write(lines.join('\r\n'));
    expect(await textOf(socket)).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  });
});
