import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../client/index.ts';
import { harness, session, call, livesOn, onHostileServers } from './stage.ts';

onHostileServers();

describe('U4: what a server says cannot wedge a session', () => {
  test.concurrent(
    'results with lone surrogates, deep nesting, __proto__ keys, control characters, huge texts and numbers',
    async () => {
      const id = await session('nasty-result');
      const answers: (Answer | undefined)[] = [];
      for (let n = 0; n < 9; n += 1) answers.push(await call(id, 'nasty-result.poke', `nasty-${n}`));
      expect(answers.map((answer) => answer?.outcome)).toEqual(Array(9).fill('succeeded'));
      const kept = answers.map(({ result = {} } = {} as Answer) =>
        'exact' in result ? 'to the letter' : 'content' in result ? 'as it is' : 'not at all',
      );
      const [letter, as] = ['to the letter', 'as it is'];
      expect(kept).toEqual([letter, letter, letter, as, as, as, letter, as, as]);
      expect(answers[0]?.result).toMatchObject({ exact: expect.stringContaining('lone \\ud800 and') as string });
      expect(answers[6]?.result).toMatchObject({
        exact: expect.stringContaining('"huge":1e999,"tiny":-1e-999') as string,
      });
      expect(JSON.stringify(answers[0]?.result)).toContain('lone \uFFFD and \uFFFD, \\\\ud800 spelt out');
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      await livesOn(id);
      const entries = [];
      for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
      expect(entries.filter(({ kind }) => kind === 'outcome').length).toBe(10);
    },
  );

  test.concurrent('tools with names that code may stumble over are pinned and called', async () => {
    const id = await session('evil-names');
    expect((await harness.custody.session(id).describe()).servers).toContainEqual(
      expect.objectContaining({ name: 'evil-names', protocolVersion: '2025-11-25', tools: 12 }),
    );
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'a.b.c',
      ' ',
      '*',
      'poke\u0000\u001b[2J',
      '\u202eekop',
      '\u8a9e'.repeat(200),
      '\u0001'.repeat(200),
      '${poke}',
      '../poke',
    ];
    for (const [n, name] of names.entries())
      expect(await call(id, `evil-names.${name}`, `evil-${n}`), name).toMatchObject({ outcome: 'succeeded' });
    await expect(harness.custody.session(id).call('evil-names.hasOwnProperty')).rejects.toMatchObject({
      code: 'UNKNOWN_TOOL',
    });
    await expect(harness.custody.session(id).call('__proto__.poke')).rejects.toMatchObject({ code: 'UNKNOWN_SERVER' });
    await livesOn(id);
  });

  test.concurrent.each([['語'.repeat(5000)], ['\u0001'.repeat(5000)], ['\u{1F600}'.repeat(5000)]])(
    'arguments that grow when they are encoded fit into the summary of an attempt',
    async (text) => {
      const id = await session('none');
      expect(await harness.custody.session(id).call('none.poke', { text })).toMatchObject({ outcome: 'succeeded' });
      await livesOn(id);
    },
  );
});

describe('E3: the effect of a tool that custody.yaml does not rule', () => {
  const effects = async (id: string): Promise<Record<string, string>> => {
    for (const tool of ['silent', 'reader', 'repeater', 'destroyer', 'mild'])
      await call(id, `${id.endsWith('trusted') ? 'trusted' : 'annotated'}.${tool}`, tool);
    const found: Record<string, string> = {};
    for await (const { kind, text, callId } of harness.custody.session(id).watch({ follow: false }))
      if (kind === 'attempt') found[callId ?? ''] = /\((\S+)\)$/.exec(text)?.[1] ?? '';
    return found;
  };
  const started = async (server: string): Promise<string> => {
    const id = `effects-${randomUUID()}-${server}`;
    await harness.custody.start(harness.spec({ servers: [server] }), { id });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    return id;
  };

  test.concurrent('is irreversible, whatever the server says of it', async () => {
    expect(await effects(await started('annotated'))).toEqual({
      silent: 'irreversible',
      reader: 'irreversible',
      repeater: 'irreversible',
      destroyer: 'irreversible',
      mild: 'irreversible',
    });
  });

  test.concurrent(
    'follows the annotations of a server with trustAnnotations; a rule of custody.yaml goes before them',
    async () => {
      expect(await effects(await started('trusted'))).toEqual({
        silent: 'irreversible',
        reader: 'read-only',
        repeater: 'idempotent',
        destroyer: 'compensable',
        mild: 'irreversible',
      });
    },
  );
});
