import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sceneOf } from './scene.ts';

const CHANGING = fileURLToPath(new URL('../../servers/changing.mjs', import.meta.url));

describe('P5: a server that changes a tool while a session runs', () => {
  const scene = () =>
    sceneOf({
      profile: {},
      servers: { changing: { command: process.execPath, args: [CHANGING] } },
      tools: { 'changing.stay': { effect: 'read-only' } },
    });

  test('is an incident with the next call of any of its tools, and the changed one is not called', async () => {
    const harness = await scene();
    const session = harness.custody.session(await harness.running({ servers: ['changing'] }));
    await session.call('changing.change');
    expect(await session.call('changing.stay')).toMatchObject({ outcome: 'succeeded' });
    const seen = await harness.until(session.id, ({ incidents }) => incidents.length > 0);
    expect(seen).toMatchObject({
      state: 'RUNNING',
      incidents: [{ id: 'i1', what: 'tool-changed', subject: 'changing.change', severity: 'high', times: 1 }],
    });
    const refused = session.call('changing.change');
    const paused = await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(paused).toMatchObject({ cause: 'incident', incidents: [{ id: 'i1', times: 2 }] });
    await session.closeIncident('i1', { reason: 'a known release' });
    await session.resume({ reason: 'reviewed', acceptChanges: true });
    expect(await refused).toMatchObject({ outcome: 'succeeded' });
    expect((await session.describe()).incidents).toMatchObject([{ id: 'i1', closed: { by: 'tester' } }]);
  });
});

describe('P5: what people close', () => {
  test('denials in a row pause the session, and closing the incident lets it go on', async () => {
    const harness = await sceneOf({
      profile: { incidents: { denials: 3 }, onIncident: { pause: true }, session: { autoResume: true } },
      rules: '@id("never") forbid(principal, action == Action::"journal.append", resource);',
    });
    const session = harness.custody.session(await harness.running());
    for (const n of [1, 2, 3])
      expect(await session.call('journal.append', { text: String(n) })).toMatchObject({ outcome: 'refused' });
    const paused = await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(paused).toMatchObject({
      cause: 'incident',
      reason: 'incident i1: 3 calls in a row were denied',
      incidents: [{ what: 'denials', severity: 'medium' }],
    });
    await harness.custody.as('bob').session(session.id).closeIncident('i1', { reason: 'the prompt was mended' });
    await harness.until(session.id, ({ state }) => state === 'RUNNING');
    const records: string[] = [];
    for await (const { kind, text, by } of session.watch({ follow: false }))
      if (kind.startsWith('incident')) records.push(`${kind}: ${text}${by === null ? '' : ` by ${by}`}`);
    expect(records).toEqual([
      'incident: i1 (medium): 3 calls in a row were denied; none of them was sent',
      'incident-closed: i1: the prompt was mended by bob',
    ]);
  });

  test('a call that cost more than it could', async () => {
    const harness = await sceneOf({
      profile: { cost: { budgetLimit: 100 }, session: { maxResult: '1KiB' } },
      config: { prices: { calls: { 'journal.big': { kibOut: 0.01 } } } },
    });
    const session = harness.custody.session(await harness.running());
    await session.call('journal.big', { bytes: 50_000 });
    const seen = await harness.until(session.id, ({ incidents }) => incidents.length > 0);
    expect(seen.incidents).toMatchObject([{ what: 'overrun', subject: 'journal.big', severity: 'medium' }]);
    await session.closeIncident('i1', { reason: 'paid' });
    expect((await session.describe()).incidents).toMatchObject([{ closed: { reason: 'paid' } }]);
  });
});
