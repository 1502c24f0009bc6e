import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allThatStays, REDACTED, saying, sceneOf, SECRET } from './scene.ts';

const text = (said: string, more: object = {}) => ({ content: [{ type: 'text', text: said }], ...more });
const TOOLS = {
  tools: ['poke', 'look'].map((name) => ({ name, inputSchema: { type: 'object' } })),
};

const begin = async (secrets: string, answer: object, tools: object = {}) => {
  const harness = await sceneOf({ profile: { scan: { secrets } } });
  await harness.stopWorker();
  const asked = join(harness.dir, 'calls.jsonl');
  await harness.configure({ tools, servers: saying({ 'tools/list': TOOLS, 'tools/call': answer }, asked) });
  await harness.startWorker();
  const session = harness.custody.session(await harness.running({ servers: ['raw'] }));
  return { harness, session, asked: () => readFile(asked, 'utf8').catch(() => '') };
};

describe('P5: a server that answers with a secret', () => {
  test.each(['redact', 'block', 'flag'])('scan: %s', async (secrets) => {
    const said = text(`Its key is ${SECRET}.`, { structuredContent: { key: SECRET }, _meta: { note: SECRET } });
    const { harness, session } = await begin(secrets, said);
    const { outcome, result } = await session.call('raw.poke');
    expect(outcome).toBe('succeeded');
    if (secrets === 'redact')
      expect(result).toEqual({
        content: [{ type: 'text', text: `Its key is ${REDACTED}.` }],
        structuredContent: { key: REDACTED },
        more: { _meta: { note: REDACTED } },
      });
    if (secrets === 'block')
      expect(result).toMatchObject({
        truncated: { preview: '' },
        why: { code: 'SCAN_BLOCKED', message: expect.stringContaining('github-token in the result') },
      });
    const left = await allThatStays(harness, session);
    expect(left.includes(SECRET)).toBe(secrets === 'flag');
    const { incidents } = await session.describe();
    expect(incidents).toMatchObject([
      { what: 'secret-found', severity: secrets === 'flag' ? 'high' : 'medium', times: 3, closed: null },
    ]);
    expect(incidents[0]?.text).toContain('github-token in the result of raw.poke, at $');
  });

  test('redacted, a result that is too large for history stands so in the store', async () => {
    const { harness, session } = await begin('redact', text(`${'x'.repeat(100_000)} ${SECRET}`));
    expect(await session.call('raw.poke')).toMatchObject({ result: { ref: { bytes: expect.any(Number) } } });
    const left = await allThatStays(harness, session);
    expect(left).not.toContain(SECRET);
    expect(left).toContain(REDACTED);
  });

  test('a call that could only be undone with the secret is made, and cannot be undone', async () => {
    const undo = { call: { tool: 'poke', args: { text: '${result.content.0.text}' } } };
    const { harness, session } = await begin('redact', text(`It was ${SECRET}`), {
      'raw.poke': { effect: 'compensable', undo },
    });
    expect(await session.call('raw.poke', { text: 'new' })).toMatchObject({ outcome: 'succeeded' });
    await session.rollback({ reason: 'try' });
    const stopped = await harness.until(session.id, ({ state }) => state === 'PAUSED');
    expect(stopped).toMatchObject({ cause: 'incident', effects: { made: 1, undone: 0 } });
    expect(stopped.reason).toContain('not undone');
    const left = await allThatStays(harness, session);
    expect(left).not.toContain(SECRET);
    expect(left).toContain('which the scan of the profile keeps out of history');
  });
});

describe('P5: arguments with a secret', () => {
  test('redacted, the server gets a marker; they stand in history as their caller sent them', async () => {
    const { harness, session, asked } = await begin('redact', text('done'));
    expect(await session.call('raw.poke', { key: SECRET })).toMatchObject({ outcome: 'succeeded' });
    expect(await asked()).toContain(REDACTED);
    expect(await asked()).not.toContain(SECRET);
    expect(await allThatStays(harness, session)).toContain(SECRET);
    expect((await session.describe()).incidents[0]?.text).toBe('github-token in the arguments of raw.poke, at $.key');
  });

  test('blocked, nothing is sent, and the caller is told what to leave out', async () => {
    const { session, asked } = await begin('block', text('done'));
    expect(await session.call('raw.poke', { key: SECRET })).toMatchObject({
      outcome: 'refused',
      error: { code: 'SCAN_BLOCKED', message: expect.stringContaining('github-token in the arguments') },
    });
    expect(await asked()).toBe('');
    expect((await session.describe()).incidents).toMatchObject([{ done: 'it was kept back' }]);
  });
});
