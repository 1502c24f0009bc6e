import { afterEach, describe, expect, test } from 'vitest';
import { createRequire } from 'node:module';
import { Harness } from '../../support/harness.ts';

const EVERYTHING = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
const SERVERS = { everything: { command: process.execPath, args: [EVERYTHING, 'stdio'] } };

describe('P1: whatever reaches a server is decided', () => {
  let harness: Harness | undefined;
  afterEach(async () => {
    await harness?.stop();
  });

  test('L7: a compensation that rules deny is not made, and the rollback names it', async () => {
    harness = await Harness.start({
      rules:
        '@id("no-undo") @says("Undoing is done by hand.")\n' +
        'forbid(principal, action == Action::"journal.append", resource) when { context.compensation };',
      tools: {
        'journal.upsert': { effect: 'compensable', undo: { call: { tool: 'append', args: { text: 'back' } } } },
      },
    });
    const session = harness.custody.session(await harness.running());
    expect(await session.call('journal.upsert', { key: 'k', value: 'v' })).toMatchObject({ outcome: 'succeeded' });
    await session.rollback({ reason: 'wrong' });
    await harness.until(session.id, ({ state, reason }) => state === 'PAUSED' && (reason ?? '').includes('not undone'));
    const told: string[] = [];
    for await (const { kind, text } of session.watch({ follow: false })) if (kind === 'not-undone') told.push(text);
    expect(told).toEqual([expect.stringMatching(/POLICY_DENIED: .*Undoing is done by hand\./)]);
    expect(harness.journal().filter(({ phase }) => phase === 'begin')).toHaveLength(1);
    // As an ordinary call the same tool is allowed.
    await session.resume();
    expect(await session.call('journal.append', { text: 'by hand' })).toMatchObject({ outcome: 'succeeded' });
  });

  test('E8: reads of resources and prompts are, too', async () => {
    harness = await Harness.start({
      servers: SERVERS,
      rules:
        'permit(principal, action, resource) when { context.method == "resources/list" };\n' +
        '@id("one") permit(principal, action == Action::"everything resources/read", resource)\n' +
        'when { context.args.uri == "demo://resource/static/document/architecture.md" };',
      policy: { default: 'deny' },
    });
    const id = await harness.running({ servers: ['everything'] });
    const session = harness.custody.session(id);
    expect(await session.request('everything', 'resources/list')).toMatchObject({ outcome: 'succeeded' });
    const read = (uri: string) => session.request('everything', 'resources/read', { uri });
    expect(await read('demo://resource/static/document/architecture.md')).toMatchObject({ outcome: 'succeeded' });
    expect(await read('demo://resource/static/document/features.md')).toMatchObject({
      outcome: 'refused',
      error: { code: 'POLICY_DENIED' },
    });
    expect(await session.request('everything', 'prompts/list')).toMatchObject({ error: { code: 'POLICY_DENIED' } });
    expect(await session.call('everything.echo', { message: 'x' })).toMatchObject({ error: { code: 'POLICY_DENIED' } });
  });

  test('E6: a step of a plan that rules deny fails, and the plan says what follows', async () => {
    harness = await Harness.start({
      rules:
        '@id("no") forbid(principal, action == Action::"journal.append", resource) when { context.args.text == "b" };',
    });
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.append', args: { text: 'a' } },
          { call: 'journal.append', args: { text: 'b' }, onError: 'continue' },
          { call: 'journal.append', args: { text: 'c' } },
        ],
      }),
    );
    expect(await harness.custody.session(id).wait()).toMatchObject({
      state: 'COMPLETED',
      calls: [{ outcome: 'succeeded' }, { outcome: 'refused', code: 'POLICY_DENIED' }, { outcome: 'succeeded' }],
    });
  });

  test('a number that the schema of the tool calls number is a decimal', async () => {
    harness = await Harness.start({
      servers: SERVERS,
      rules:
        '@id("small") forbid(principal, action == Action::"everything.get-sum", resource)\n' +
        'when { context.args.a.greaterThan(decimal("10.0")) };',
    });
    const session = harness.custody.session(await harness.running({ servers: ['everything'] }));
    expect(await session.call('everything.get-sum', { a: 2, b: 3 })).toMatchObject({ outcome: 'succeeded' });
    expect(await session.call('everything.get-sum', { a: 10.5, b: 3 })).toMatchObject({ error: { rules: ['small'] } });
  });
});
