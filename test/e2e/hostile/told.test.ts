import { describe, expect, test } from 'vitest';
import { harness, session, livesOn, historyOf, onHostileServers } from './stage.ts';

/** What a server acts upon and then says: a status, and a text. */
const SAYINGS = [
  ['told-in-session', 404, 'session not found'],
  ['told-in-session', 400, 'no valid session id'],
  ['told', 307, ''],
  ['told', 404, '{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}'],
] as const;

onHostileServers([...SAYINGS.map(([mode, status]) => ['http', `${mode}-${status}`] as const), ['http', 'told-200']]);

describe('E2, E3: an irreversible call on a server that acts, and then says that it did nothing', () => {
  const pokes = async (id: string, server: string): Promise<number> => {
    const looked = await harness.custody.session(id).call(`${server}.look`);
    const [block] = (looked.result as { content: { text: string }[] }).content;
    return (JSON.parse(block?.text ?? '') as { pokes: number }).pokes;
  };

  test.concurrent.each(SAYINGS)('%s: by HTTP %d %s: is in doubt, and was made once', async (mode, status, body) => {
    const server = `http-${mode}-${status}`;
    const id = await session(server);
    await expect(
      harness.custody.session(id).call(`${server}.poke`, { status, body }, { callId: 'poke', wait: false }),
    ).rejects.toMatchObject({ code: 'CALL_PARKED' });
    expect((await harness.custody.session(id).describe()).openCalls).toMatchObject([
      { callId: 'poke', phase: 'in_doubt', attempts: 1, trouble: { code: 'CONNECTION_LOST' } },
    ]);
    expect(await pokes(id, server)).toBe(1);
    await livesOn(id);
  });
});

test.concurrent('A2: the digits of a result stand in history as the server sent them', async () => {
  const id = await session('http-told-200');
  const result = '{"content":[],"structuredContent":{"id":9007199254740993,"rate":0.1000000000000000055511151231}}';
  const body = `{"jsonrpc":"2.0","id":$ID,"result":${result}}`;
  expect(await harness.custody.session(id).call('http-told-200.poke', { body }, { callId: 'poke' })).toMatchObject({
    outcome: 'succeeded',
    result: { content: [], exact: result },
  });
  const { events } = await historyOf(id);
  const outcomes = (events ?? []).flatMap(
    ({ activityTaskCompletedEventAttributes: ended }) =>
      ended?.result?.payloads?.map(({ data }) => Buffer.from(data ?? []).toString()) ?? [],
  );
  expect(outcomes.join()).toContain(JSON.stringify(result));
});
