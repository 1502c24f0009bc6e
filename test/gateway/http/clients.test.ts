import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, CALL_ID, House, type ServeProcess } from './house.ts';

const RULES = `@id("no-secrets") @says("Secrets are not to be written; ask for a key instead.")
forbid (principal, action, resource) when { context.args has text && context.args.text == "secret" };`;

let house: House;
let gateway: ServeProcess;
let hasty: ServeProcess;
beforeAll(async () => {
  house = await House.open({ rules: RULES });
  [gateway, hasty] = await Promise.all([house.serve(), house.serve('--park-after', '1s')]);
});
afterAll(() => house?.close());

describe.each(['2026', '2025'] as const)('G1, G4: a client of generation %s over HTTP', (generation) => {
  test('sees the tools of its session, and what it calls runs in it, under the name of its key', async () => {
    const id = await house.harness.running();
    const { token } = await house.token({ session: id });
    const client = await house.connect(`${gateway.url}/mcp`, token, generation);
    expect(client.getInstructions()).toContain(id);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['append', 'lookup', 'custody_status']) as string[],
    );
    const text = `said in ${generation}`;
    const call = { name: 'append', arguments: { text }, _meta: { [CALL_ID]: 'call-1' } };
    const answer = { content: [{ text: `appended ${text}` }], _meta: { [CALL_ID]: 'call-1' } };
    expect(await client.callTool(call)).toMatchObject(answer);
    expect(await client.callTool(call)).toMatchObject(answer);
    expect(house.harness.phasesOf(text)).toBe('begin end');
    const { calls } = await house.harness.custody.session(id).recentCalls();
    expect(calls.map(({ callId }) => callId)).toEqual(['call-1']);
    const { entries } = await house.harness.custody.session(id).callDetails('call-1');
    expect(entries.find(({ by }) => by !== null)?.by).toBe('desk-bot');
  });

  test('is denied a call with the reason of the rule', async () => {
    const id = await house.harness.running();
    const { token } = await house.token({ subject: 'tester' });
    const client = await house.connect(`${gateway.url}/mcp/${id}`, token, generation);
    const denied = await client.callTool({ name: 'append', arguments: { text: 'secret' } });
    expect(denied).toMatchObject({
      isError: true,
      _meta: { 'io.custody/code': 'POLICY_DENIED', 'io.custody/rules': ['no-secrets'] },
    });
    expect(JSON.stringify(denied.content)).toContain('ask for a key instead');
    expect(house.harness.phasesOf('secret')).toBe('');
  });

  test('waits while the session is paused, and has its answer once it goes on', async () => {
    const id = await house.harness.running();
    const session = house.harness.custody.session(id);
    const { token } = await house.token({ session: id });
    const client = await house.connect(`${hasty.url}/mcp`, token, generation);
    await client.listTools();
    await session.pause({ reason: 'lunch' });
    const text = `after lunch in ${generation}`;
    const call = { name: 'append', arguments: { text }, _meta: { [CALL_ID]: 'late' } };
    const called = client.callTool(call);
    await house.harness.until(id, ({ openCalls }) => openCalls.some(({ callId }) => callId === 'late'));
    if (generation === '2025')
      expect(await called).toMatchObject({ isError: true, _meta: { 'io.custody/code': 'CALL_PARKED' } });
    await session.resume({ reason: 'eaten' });
    expect(await answerOf(client, call)).toMatchObject({ content: [{ text: `appended ${text}` }] });
    await called;
    expect(house.harness.phasesOf(text)).toBe('begin end');
  });
});

test('G1: the v1 client of the SDK, which most clients are built on, is served over HTTP as well', async () => {
  const id = await house.harness.running();
  const { token } = await house.token({ session: id });
  const client = await house.connectOld(`${gateway.url}/mcp`, token);
  expect(client.getServerVersion()).toMatchObject({ name: 'custody', title: `Custody session ${id}` });
  expect(await client.callTool({ name: 'append', arguments: { text: 'from v1 over HTTP' } })).toMatchObject({
    content: [{ text: 'appended from v1 over HTTP' }],
  });
});
