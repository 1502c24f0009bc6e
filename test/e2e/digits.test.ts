import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness } from '../support/harness.ts';

const RAW = fileURLToPath(new URL('../servers/raw.mjs', import.meta.url));
/** Numbers that JavaScript would alter, and one that it would not. */
const ALTERED = ['9007199254740993', '1e999', '-0', '0.12345678901234567890'] as const;
const NUMBERS = ['9007199254740991', ...ALTERED] as const;
const nameOf = (number: string): string => `n${NUMBERS.indexOf(number as (typeof NUMBERS)[number])}`;

let folder: string;
let harness: Harness;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-digits-'));
  const tools = ['create', 'remove'].map((name) => ({ name, inputSchema: { type: 'object' } }));
  const serverOf = (number: string): object => {
    const results = {
      'tools/list': JSON.stringify({ tools }),
      'tools/call': `{"content":[],"structuredContent":{"id":${number}}}`,
    };
    const calls = join(folder, nameOf(number));
    return { command: process.execPath, args: [RAW, '--results', JSON.stringify(results), '--calls', calls] };
  };
  const undo = { call: { tool: 'remove', args: { id: '${result.structuredContent.id}' } } };
  harness = await Harness.start({
    servers: Object.fromEntries(NUMBERS.map((number) => [nameOf(number), serverOf(number)])),
    tools: Object.fromEntries(NUMBERS.map((number) => [`${nameOf(number)}.create`, { undo }])),
  });
});
afterAll(async () => {
  await harness?.stop();
  await rm(folder, { recursive: true });
});

/** The calls that the server of a number got, as they came. */
const callsOf = (number: string): readonly string[] => {
  const file = join(folder, nameOf(number));
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};

describe('A2, L7: a rollback whose compensation needs a number that a server gave', () => {
  test('sends its digits', async () => {
    const id = await harness.running({ servers: [nameOf('9007199254740991')] });
    const session = harness.custody.session(id);
    await session.call(`${nameOf('9007199254740991')}.create`, {});
    await session.rollback();
    await harness.until(id, ({ effects }) => effects.undone === 1);
    expect(
      callsOf('9007199254740991').map((line) => /"name":"(\w+)","arguments":(\{[^}]*\})/.exec(line)?.slice(1)),
    ).toEqual([
      ['create', '{}'],
      ['remove', '{"id":9007199254740991}'],
    ]);
  });

  test.concurrent.each(ALTERED)(
    'sends nothing where JavaScript would alter it, and names what is left: %s',
    async (number) => {
      const id = await harness.running({ servers: [nameOf(number)] });
      const session = harness.custody.session(id);
      await session.call(`${nameOf(number)}.create`, {});
      expect((await session.previewRollback()).steps).toMatchObject([
        {
          tool: 'create',
          undo: null,
          why: expect.stringMatching(/\$\{result\.structuredContent\.id\} cannot be taken/) as string,
        },
      ]);
      await session.rollback();
      const { cause, reason } = await harness.until(id, ({ state }) => state === 'PAUSED');
      expect(cause).toBe('incident');
      expect(reason).toContain(`not undone: ${nameOf(number)}.create`);
      expect(callsOf(number)).toHaveLength(1);
    },
  );
});

test.each(ALTERED)('A2, E6: nor does a plan send what it read of a result: %s', async (number) => {
  const server = nameOf(number);
  const { id } = await harness.custody.start(
    harness.spec({
      servers: [server],
      plan: [
        { call: `${server}.create`, args: {}, as: 'made' },
        { call: `${server}.remove`, args: { id: '${made.structuredContent.id}' } },
      ],
    }),
  );
  const before = callsOf(number).length;
  expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'PLAN_REFERENCE_MISSING' });
  expect(
    callsOf(number)
      .slice(before)
      .filter((line) => line.includes('"remove"')),
  ).toEqual([]);
});
