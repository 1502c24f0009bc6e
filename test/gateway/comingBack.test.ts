import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const textIn = (result: unknown): string => (result as { content: { text: string }[] }).content[0]?.text ?? '';

describe.each(['2025', '2026'] as const)('A1, G1: an agent of %s that was killed in mid-call and comes back', (era) => {
  test('finds what it called, and its repeat is a question: made once, or again if that is meant', async () => {
    const text = `paid ${era}`;
    const call = { name: 'append', arguments: { text, delayMs: 1000 } };
    const args = ['--new', await desk.specFile('journal'), '--id', `back-${era}-${process.pid}`];
    const first = await desk.connect(era, args);
    expect(first.client.getInstructions()).not.toContain('before you came');
    await first.client.listTools();
    const lost = first.client.callTool(call).catch((error: unknown) => error);
    await until('the call under way', () => desk.harness.phasesOf(text) === 'begin');
    process.kill(first.pid, 'SIGKILL');
    await lost;

    const { client } = await desk.connect(era, args);
    const [, earlier = ''] =
      /- (\S+): journal\.append \{"text":"paid \d+","delayMs":1000\}/.exec(client.getInstructions() ?? '') ?? [];
    expect(earlier).not.toBe('');
    expect(await client.callTool({ name: 'custody_wait', arguments: { callId: earlier } })).toMatchObject({
      content: [{ text: `appended ${text}` }],
    });

    const asked = await client.callTool(call);
    expect(asked).toMatchObject({ isError: true, _meta: { 'io.custody/code': 'REPEATS_EARLIER' } });
    expect(textIn(asked)).toContain(`as the call '${earlier}': it succeeded`);
    const callId = String(asked._meta?.['io.custody/call-id']);
    expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
      structuredContent: {
        recentCalls: [
          { callId: earlier, tool: 'append', arguments: JSON.stringify(call.arguments), outcome: 'succeeded' },
        ],
      },
    });
    // A question is no call: there is nothing to wait for under its id.
    expect(await client.callTool({ name: 'custody_wait', arguments: { callId } })).toMatchObject({
      _meta: { 'io.custody/code': 'CALL_NOT_FOUND' },
    });
    expect(desk.harness.phasesOf(text)).toBe('begin end');

    const again = { name: 'custody_again', arguments: { callId } };
    expect(await client.callTool(again)).toMatchObject({ content: [{ text: `appended ${text}` }] });
    expect(await client.callTool(again)).toMatchObject({ content: [{ text: `appended ${text}` }] });
    expect(desk.harness.phasesOf(text)).toBe('begin end begin end');
    expect(await client.callTool({ name: 'custody_again', arguments: { callId: 'x' } })).toMatchObject({
      _meta: { 'io.custody/code': 'CALL_NOT_FOUND' },
    });
  });
});

describe('G1: a session that has ended', () => {
  test('lists its tools still; each answers with how and why it ended, and so do the instructions', async () => {
    const id = await desk.session('journal');
    await desk.harness.custody.session(id).cancel({ reason: 'wrong customer' });
    await desk.harness.custody
      .session(id)
      .wait()
      .catch(() => undefined);
    const { client } = await desk.connect('2025', [id]);
    const why = `The session ${id} has ended as FAILED (SESSION_CANCELLED: `;
    expect(client.getInstructions()).toContain(why);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('append');
    for (const name of ['append', 'unknown']) {
      const answer = await client.callTool({ name, arguments: { text: 'late' } });
      expect(answer).toMatchObject({ isError: true, _meta: { 'io.custody/code': 'SESSION_ENDED' } });
      expect(textIn(answer)).toContain(why);
      expect(textIn(answer)).toContain('wrong customer');
    }
    expect(desk.harness.phasesOf('late')).toBe('');
  });

  test('has a successor for a client that wants one, which names the first; another spec is said', async () => {
    const id = `desk-${process.pid}`;
    const args = ['--new', await desk.specFile('journal'), '--id', id];
    await desk.connect('2025', args);
    await desk.harness.until(id, ({ state }) => state === 'RUNNING');
    await desk.harness.custody.session(id).cancel({ reason: 'over' });
    await desk.harness.custody
      .session(id)
      .wait()
      .catch(() => undefined);
    for (const expected of ['append', 'append']) {
      const { client } = await desk.connect('2025', [...args, '--successor']);
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain(expected);
    }
    const next = desk.harness.custody.session(`${id}.2`);
    expect(await next.describe()).toMatchObject({ state: 'RUNNING', labels: { successorOf: id } });
    await expect(desk.harness.custody.session(`${id}.3`).describe()).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });

    const other = await desk.connect('2025', ['--new', await desk.specFile('files'), '--id', `${id}.2`]);
    await until('the remark', () =>
      other.stderr().includes('was started from another spec, and goes on as it was started'),
    );
    expect(other.stderr()).toMatch(/: (labels, servers|servers, labels) differ\./);
  });

  test('is foreseen where the spec has a plan, which ends it without a call of the client', async () => {
    const path = join(desk.harness.dir, 'planned.json');
    const plan = [{ call: 'journal.lookup', args: { key: 'k' } }];
    await writeFile(path, JSON.stringify(desk.harness.spec({ servers: ['journal'], plan })));
    const { stderr } = await desk.connect('2025', ['--new', path]);
    await until('the remark', () => stderr().includes(`${path} has a plan, and its session ends with that`));
  });
});
