import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { Front } from './front.ts';
import { answerOf, CALL_ID, House } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house?.close());

const begun = (text: string) => until('the tool runs', () => house.harness.phasesOf(text) === 'begin');

describe.each(['2026', '2025'] as const)('G1, L6: generation %s', (generation) => {
  test('a gateway killed in mid-call loses no call: its successor answers a repeat from the session', async ({
    onTestFinished,
  }) => {
    const [first, second] = await Promise.all([house.serve(), house.serve()]);
    const front = await Front.open(first.url);
    onTestFinished(() => front.close());
    const id = await house.harness.running();
    const { token } = await house.token({ session: id });
    const client = await house.connect(`${front.url}/mcp`, token, generation);
    const text = `before the kill in ${generation}`;
    const call = {
      name: 'append',
      arguments: { text, gate: `kill-${generation}` },
      _meta: { [CALL_ID]: 'c1' },
    };
    // An older client does not hear that its stream is gone: it gives up in its own time.
    const lost = client.callTool(call, { timeout: generation === '2025' ? 5000 : 60_000 });
    lost.catch(() => undefined);
    await begun(text);
    front.leadTo(second.url);
    await first.kill();
    await expect(lost).rejects.toThrow();
    const repeated = answerOf(client, call);
    house.harness.open(`kill-${generation}`);
    expect(await repeated).toMatchObject({ content: [{ text: `appended ${text}` }], _meta: { [CALL_ID]: 'c1' } });
    expect(house.harness.phasesOf(text)).toBe('begin end');
  });

  test('a gateway that is stopped hands those who wait over, and ends', async ({ onTestFinished }) => {
    const [first, second] = await Promise.all([house.serve(), house.serve()]);
    const front = await Front.open(first.url);
    onTestFinished(() => front.close());
    const id = await house.harness.running();
    const { token } = await house.token({ session: id });
    const client = await house.connect(`${front.url}/mcp`, token, generation);
    const text = `before the stop in ${generation}`;
    const call = {
      name: 'append',
      arguments: { text, gate: `stop-${generation}` },
      _meta: { [CALL_ID]: 'c1' },
    };
    const called = client.callTool(call);
    await begun(text);
    front.leadTo(second.url);
    expect(await first.stop()).toBe(0);
    // An older client is told to come again in words, a newer one does so by itself.
    if (generation === '2025') expect(await called).toMatchObject({ _meta: { 'io.custody/code': 'CALL_PARKED' } });
    house.harness.open(`stop-${generation}`);
    if (generation === '2026') expect(await called).toMatchObject({ content: [{ text: `appended ${text}` }] });
    expect(await answerOf(client, call)).toMatchObject({ content: [{ text: `appended ${text}` }] });
    expect(house.harness.phasesOf(text)).toBe('begin end');
  });
});
