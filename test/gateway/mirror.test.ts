import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk, type Generation } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const GENERATIONS: readonly Generation[] = ['2025', '2026'];

describe.each(GENERATIONS)('G1, G2: a client of generation %s', (generation) => {
  test(
    'sees the tools of one server under their own names, as the server defines them, and calls them in the ' +
      'session',
    async () => {
      const id = await desk.session('files');
      const { client } = await desk.connect(generation, [id]);
      const direct = await desk.harness.custody.session(id).request('files', 'tools/list');
      const defined = (
        direct.result as { raw: { tools: { name: string; description: string; annotations: unknown }[] } }
      ).raw.tools;
      const { tools } = await client.listTools();
      const own = ['custody_status', 'custody_checkpoint', 'custody_wait', 'custody_again'];
      expect(tools.map(({ name }) => name)).toEqual([...defined.map(({ name }) => name), ...own]);
      for (const tool of defined)
        expect(tools.find(({ name }) => name === tool.name)).toMatchObject({
          description: tool.description,
          annotations: tool.annotations,
        });

      const path = join(desk.folder, `${generation}.txt`);
      const written = await client.callTool({ name: 'write_file', arguments: { path, content: 'by an agent' } });
      expect(written).toMatchObject({ content: [{ type: 'text', text: expect.stringContaining('wrote') as string }] });
      expect(await readFile(path, 'utf8')).toBe('by an agent');
      expect(
        (await desk.harness.custody.session(id).describe()).calls.filter(({ tool }) => tool === 'write_file'),
      ).toMatchObject([
        {
          server: 'files',
          outcome: 'succeeded',
          actor: 'agent',
          callId: (written._meta as { [key: string]: string })['io.custody/call-id'],
        },
      ]);
    },
  );

  test('asks a server for nothing that it does not declare: no call stands on record for it', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect(generation, [id]);
    expect((await client.listPrompts()).prompts).toEqual([]);
    expect((await client.listResources()).resources).toEqual([]);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    expect(await desk.harness.custody.session(id).describe()).toMatchObject({ calls: [], used: { calls: 0 } });
  });

  test('sees the tools, resources, templates and prompts of several servers at once', async () => {
    const id = await desk.session('everything', 'files', 'journal');
    const { client } = await desk.connect(generation, [id]);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['everything__echo', 'files__write_file', 'journal__append']));
    expect(names.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true);
    expect(await client.callTool({ name: 'everything__echo', arguments: { message: 'hello' } })).toMatchObject({
      content: [{ type: 'text', text: 'Echo: hello' }],
    });
    const structured = await client.callTool({
      name: 'everything__get-structured-content',
      arguments: { location: 'Chicago' },
    });
    expect(structured.structuredContent).toMatchObject({ conditions: expect.any(String) as string });
    const image = await client.callTool({ name: 'everything__get-tiny-image', arguments: {} });
    expect(image.content).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'image', mimeType: 'image/png' })]),
    );

    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resources.length).toBeGreaterThan(0);
    expect(resourceTemplates.length).toBeGreaterThan(0);
    expect(await client.readResource({ uri: resources[0]?.uri as string })).toMatchObject({
      contents: [{ uri: resources[0]?.uri }],
    });
    expect(await client.readResource({ uri: 'demo://resource/dynamic/text/7' })).toMatchObject({
      contents: [{ text: expect.stringContaining('7') as string }],
    });
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('everything__args-prompt');
    expect(await client.getPrompt({ name: 'everything__args-prompt', arguments: { city: 'Graz' } })).toMatchObject({
      messages: [{ content: { text: expect.stringContaining('Graz') as string } }],
    });
    expect(
      await client.complete({
        ref: { type: 'ref/prompt', name: 'everything__completable-prompt' },
        argument: { name: 'department', value: 'E' },
      }),
    ).toMatchObject({ completion: { values: ['Engineering'] } });
    const { calls } = await desk.harness.custody.session(id).describe();
    expect(
      calls.filter(({ method }) => method === 'resources/read').map(({ tool, outcome }) => [tool, outcome]),
    ).toEqual([
      [resources[0]?.uri, 'succeeded'],
      ['demo://resource/dynamic/text/7', 'succeeded'],
    ]);
  });

  test('gets what went wrong as a result in words, and for an unknown name an error of the protocol', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect(generation, [id]);
    expect(await client.callTool({ name: 'fail', arguments: {} })).toMatchObject({
      isError: true,
      content: [{ text: 'failed as asked' }],
    });
    await expect(client.callTool({ name: 'nothing', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('nothing') as string,
    });
    await expect(client.getPrompt({ name: 'nothing' })).rejects.toMatchObject({ code: -32602 });
    await expect(client.readResource({ uri: 'file:///nowhere' })).rejects.toMatchObject({
      code: expect.any(Number) as number,
    });
    expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
      content: [{ text: expect.stringContaining(`Session ${id} is RUNNING`) as string }],
      structuredContent: { id, state: 'RUNNING', openCalls: [] },
    });
  });
});
