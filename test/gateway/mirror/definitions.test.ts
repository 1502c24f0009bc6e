import { fileURLToPath } from 'node:url';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { Desk } from '../desk.ts';

const object = { type: 'object' };
/** Tools, by what is odd of them, and what of their definition is left out. */
const TOOLS: { readonly [name: string]: readonly [definition: object, leftOut?: readonly string[]] } = {
  'empty-schema': [{ inputSchema: {} }],
  'schema-of-choices': [{ inputSchema: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } }],
  'schema-of-text': [{ inputSchema: { type: 'string' } }],
  'nothing-in-schema': [{ inputSchema: { type: 'object', properties: null, required: null } }],
  'true-property': [{ inputSchema: { type: 'object', properties: { a: true, b: null, c: false } } }],
  'null-description': [{ inputSchema: object, description: null }],
  'null-annotations': [{ inputSchema: object, annotations: null, title: null, _meta: null, outputSchema: null }],
  'odd-annotations': [{ inputSchema: object, annotations: { readOnlyHint: 'yes' } }, ['annotations']],
  'odd-icons': [{ inputSchema: object, icons: [1] }, ['icons']],
  'dangling-output': [
    { inputSchema: object, outputSchema: { type: 'object', properties: { a: { $ref: '#/no/where' } } } },
    ['outputSchema'],
  ],
  'broken-output': [
    { inputSchema: object, outputSchema: { type: 'object', properties: { a: { pattern: '(' } } } },
    ['outputSchema'],
  ],
  'list-output': [{ inputSchema: object, outputSchema: { type: 'array', items: { type: 'string' } } }],
  sound: [{ inputSchema: object, outputSchema: { type: 'object' }, description: 'As it should be.' }],
};
const results = {
  'tools/list': {
    tools: [
      { name: 'schemaless', inputSchema: null },
      ...Object.entries(TOOLS).map(([name, [definition]]) => ({ name, ...definition })),
    ],
  },
  'prompts/list': {
    prompts: [
      { name: 'odd', description: null, arguments: [{ name: 'a', required: null }, { name: 7 }] },
      { name: 'sound' },
      { title: 'nameless' },
    ],
  },
  'resources/list': { resources: [{ uri: 'x://a', mimeType: null }, { uri: 'x://b', name: 'b', size: 'big' }, {}] },
  'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'x://{a}', name: null }, { name: 'none' }] },
};
const odd = {
  command: process.execPath,
  args: [
    fileURLToPath(new URL('../../servers/raw.mjs', import.meta.url)),
    '--results',
    JSON.stringify(Object.fromEntries(Object.entries(results).map(([key, value]) => [key, JSON.stringify(value)]))),
  ],
};

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ servers: { odd } });
});
afterAll(() => desk?.close());

const left = (item: object): unknown => (item as { _meta?: Record<string, unknown> })._meta?.['io.custody/left-out'];

interface Listed {
  readonly tools: readonly { readonly name: string; readonly inputSchema: object }[];
  readonly prompts: readonly object[];
  readonly resources: readonly object[];
  readonly templates: readonly object[];
}

function expectAll({ tools, prompts, resources, templates }: Listed): void {
  const shown = tools.filter(({ name }) => !name.startsWith('custody_'));
  expect(tools.length).toBe(shown.length + 4);
  expect(shown.map((tool) => [tool.name, left(tool)])).toEqual(
    Object.entries(TOOLS).map(([name, [, leftOut]]) => [name, leftOut]),
  );
  for (const { inputSchema } of shown) expect(inputSchema).toHaveProperty('type', 'object');
  expect(prompts).toMatchObject([{ name: 'odd', arguments: [{ name: 'a' }] }, { name: 'sound' }]);
  expect(resources).toMatchObject([
    { uri: 'x://a', name: 'x://a' },
    { uri: 'x://b', name: 'b' },
  ]);
  expect(resources.map(left)).toEqual([undefined, ['size']]);
  expect(templates).toMatchObject([{ uriTemplate: 'x://{a}', name: 'x://{a}' }]);
}

describe('G1: one odd definition hides none of the others, nor the tools of Custody', () => {
  test.each(['2025', '2026'] as const)("from the SDK's client of generation %s", async (generation) => {
    const { client, stderr } = await desk.connect(generation, [await desk.session('odd')]);
    const { tools } = await client.listTools();
    const { prompts } = await client.listPrompts();
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    expectAll({ tools, prompts, resources, templates: resourceTemplates });
    for (const name of Object.keys(TOOLS).filter((name) => !name.endsWith('-output') && name !== 'sound'))
      expect(await client.callTool({ name, arguments: {} }), name).toMatchObject({ content: [{ text: 'poked' }] });
    await until('the remark', () => stderr().includes('The tool "dangling-output" is shown without its outputSchema'));
    expect(stderr()).toContain('The prompt "" is not shown');
  });

  test("from the SDK's client of version 1", async () => {
    const client = new OldClient({ name: 'old', version: '1.0.0' });
    await client.connect(new OldTransport({ ...desk.command(await desk.session('odd')), stderr: 'ignore' }));
    try {
      const { tools } = await client.listTools();
      const { prompts } = await client.listPrompts();
      const { resources } = await client.listResources();
      const { resourceTemplates } = await client.listResourceTemplates();
      expectAll({ tools, prompts, resources, templates: resourceTemplates });
      expect(await client.callTool({ name: 'empty-schema', arguments: {} })).toMatchObject({
        content: [{ text: 'poked' }],
      });
    } finally {
      await client.close();
    }
  });
});

test('L2, G1: a tool that nobody could call is named on record, in the view, and to the agent', async () => {
  const id = await desk.session('odd');
  const session = desk.harness.custody.session(id);
  const leftOut = [{ name: 'schemaless', why: 'it has no schema of its arguments' }];
  expect((await session.describe()).servers).toMatchObject([{ name: 'odd', leftOut }]);
  const kinds: unknown[] = [];
  for await (const { kind, text } of session.watch({ follow: false })) kinds.push([kind, text]);
  expect(kinds).toContainEqual([
    'tools-left-out',
    'odd lists what cannot be called: "schemaless" (it has no schema of its arguments)',
  ]);
  const { client } = await desk.connect('2026', [id]);
  expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
    content: [{ text: expect.stringContaining('Not to be called: odd.schemaless, as it has no schema') as string }],
  });
});
