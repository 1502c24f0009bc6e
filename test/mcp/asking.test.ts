import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../cli/temporal/freePort.ts';
import type { CallQuestion, Reply } from '../../mcp/connection.ts';
import { readQuestion } from '../../mcp/calls/question.ts';
import type { HttpServer, StdioServer } from '../../mcp/server.ts';
import { stdioServer } from '../servers/start.ts';
import { answeredJson, callOptions, failure, open, scratchFolder, until } from './harness.ts';

let folder: string;
beforeAll(async () => {
  folder = await scratchFolder();
});

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

const journal = (file: string): { phase: string; tool: string; responses?: unknown }[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { phase: string; tool: string });

function question(reply: Reply): CallQuestion {
  if (!('forms' in reply)) throw new Error(`no question: ${JSON.stringify(reply)}`);
  return reply;
}

const accept = (content: Record<string, unknown>) => ({
  action: 'accept' as const,
  content: content as { [name: string]: string },
});

describe('E8: a server of revision 2026-07-28 that asks', () => {
  const connect = (file: string) => open(stdioServer('asking.mjs', '--journal', file));

  test('is answered in another call, with its state unchanged', async () => {
    const file = join(folder, 'modern.jsonl');
    const connection = await connect(file);
    const asked = question(await connection.call('survey', {}, callOptions()));
    expect(asked.forms.map(({ key, message }) => [key, message])).toEqual([
      ['order', 'Order 12 chairs for 340 EUR?'],
      ['who', 'Who pays?'],
    ]);
    expect(asked).toMatchObject({
      requestState: 'survey: 340 EUR',
      forms: [{ schema: { required: ['confirm'] } }, {}],
    });
    expect(asked.held).toBeUndefined();
    const responses = [
      { key: 'order', response: accept({ confirm: 'true' }) },
      { key: 'who', response: { action: 'decline' as const } },
    ];
    const answer = await connection.call(
      'survey',
      {},
      callOptions({ continues: { responses, requestState: 'survey: 340 EUR' } }),
    );
    expect(answeredJson(answer)).toEqual({
      order: { action: 'accept', content: { confirm: 'true' } },
      who: { action: 'decline' },
    });
    expect(journal(file).map(({ phase }) => phase)).toEqual(['begin', 'again', 'end']);
  });

  test.each(['think', 'browse'])('%s: what is no form cannot be asked, and nothing is in doubt', async (tool) => {
    const connection = await connect(join(folder, 'refused.jsonl'));
    const refused = await failure(connection.call(tool, {}, callOptions()));
    expect(refused).toMatchObject({ code: 'SERVER_REFUSED', answered: true });
    expect(refused.message).toContain('client capabilities do not declare');
  });

  test.each([
    ['a model', { method: 'sampling/createMessage', params: {} }, 'it asks for sampling/createMessage'],
    ['folders', { method: 'roots/list' }, 'it asks for roots/list'],
    [
      'a link to open',
      { method: 'elicitation/create', params: { mode: 'url', message: 'Log in', url: 'https://example.com' } },
      'it asks in mode url',
    ],
    [
      'too much',
      { method: 'elicitation/create', params: { message: 'x'.repeat(20_000), requestedSchema: {} } },
      '16384 is the limit',
    ],
    [
      'what is no text',
      { method: 'elicitation/create', params: { message: '\ud800', requestedSchema: {} } },
      'not well-formed Unicode',
    ],
    ['nothing that can be read', 'elicitation/create', 'it asks for undefined'],
  ])('asks for %s although that was not offered: refused by code', (_, request, why) => {
    const read = () => readQuestion('tool', { resultType: 'input_required', inputRequests: { key: request as never } });
    expect(read).toThrow(
      expect.objectContaining({
        code: 'SERVER_ASKS_UNSUPPORTED',
        sent: true,
        answered: true,
        message: expect.stringContaining(why) as string,
      }),
    );
  });
});

describe('E8: a server of revision 2025-11-25 that asks in mid-call', () => {
  const connect = (file: string) => open(stdioServer('asking.mjs', '--journal', file, '--revision', '2025-11-25'));

  test('waits for the response; none of its time passes meanwhile', async () => {
    const file = join(folder, 'legacy.jsonl');
    const connection = await connect(file);
    const asked = question(await connection.call('order', {}, callOptions({ timeout: 400 })));
    expect(asked.forms).toMatchObject([{ message: 'Order 12 chairs for 340 EUR?' }]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(connection.idleFor).toBe(0);
    const answer = await asked.held?.respond(accept({ confirm: 'yes' }), callOptions());
    expect(answeredJson(answer!)).toEqual({ order: { action: 'accept', content: { confirm: 'yes' } } });
    expect(journal(file).map(({ phase }) => phase)).toEqual(expect.arrayContaining(['begin', 'end']));
    await until(() => connection.idleFor > 0);
  });

  test('asks twice: each is a question of its own', async () => {
    const connection = await connect(join(folder, 'twice.jsonl'));
    const first = question(await connection.call('survey', {}, callOptions()));
    const second = question(
      (await first.held?.respond(
        first.forms[0]?.message === 'Who pays?' ? accept({ name: 'Ann' }) : accept({ confirm: 'x' }),
        callOptions(),
      ))!,
    );
    expect(new Set([first, second].map(({ forms }) => forms[0]?.message))).toEqual(
      new Set(['Order 12 chairs for 340 EUR?', 'Who pays?']),
    );
    expect(answeredJson((await second.held?.respond({ action: 'cancel' }, callOptions()))!)).toMatchObject({
      order: {},
      who: {},
    });
  });

  test('with other calls under way over stdio: the question is found to be of the call that does not end', async () => {
    const connection = await connect(join(folder, 'several.jsonl'));
    const waiting = Promise.all([300, 600].map((delayMs) => connection.call('wait', { delayMs }, callOptions())));
    const asking = connection.call('order', {}, callOptions());
    expect((await waiting).map(answeredJson)).toEqual([null, null]);
    expect(question(await asking).forms).toHaveLength(1);
  });

  test('a call that is out of time while somebody asks is the one that does; the other ends in its time', async () => {
    const connection = await connect(join(folder, 'out-of-time.jsonl'));
    const slow = connection.call('wait', { delayMs: 2000 }, callOptions());
    const asked = question(await connection.call('order', {}, callOptions({ timeout: 300 })));
    expect(answeredJson((await asked.held?.respond(accept({ confirm: 'x' }), callOptions()))!)).toMatchObject({
      order: { action: 'accept' },
    });
    expect(answeredJson(await slow)).toBeNull();
  });

  test('two calls that ask at once each get an answer', async () => {
    const connection = await connect(join(folder, 'both.jsonl'));
    const asked = (
      await Promise.all([connection.call('order', {}, callOptions()), connection.call('order', {}, callOptions())])
    ).map(question);
    const answers = await Promise.all(
      asked.map(({ held }, index) => held?.respond(accept({ confirm: String(index) }), callOptions())),
    );
    expect(answers.map((answer) => answeredJson(answer!).order.content.confirm).sort()).toEqual(['0', '1']);
  });

  test('hears that the call is given up, and that it is cancelled after the response', async () => {
    const file = join(folder, 'given-up.jsonl');
    const connection = await connect(file);
    question(await connection.call('order', {}, callOptions())).held?.cancel();
    await until(() => journal(file).some(({ phase }) => phase === 'cancelled'));
    const again = question(await connection.call('order', {}, callOptions()));
    const aborted = new AbortController();
    aborted.abort();
    expect(await failure(again.held!.respond(accept({}), callOptions({ signal: aborted.signal })))).toMatchObject({
      code: 'CALL_CANCELLED',
      sent: true,
    });
  });

  test(
    'dies with the question open: the response finds the connection lost, and ' + 'the call may have been sent',
    async () => {
      const connection = await connect(join(folder, 'dies.jsonl'));
      const asked = question(await connection.call('order', {}, callOptions()));
      await connection.close();
      expect(await failure(asked.held!.respond(accept({ confirm: 'x' }), callOptions()))).toMatchObject({
        code: 'CONNECTION_LOST',
        sent: true,
        answered: false,
      });
    },
  );

  test.each(['think', 'browse'])('%s: what is no form is refused to the server', async (tool) => {
    const connection = await connect(join(folder, 'refused-legacy.jsonl'));
    const reply = await connection.call(tool, {}, callOptions()).catch((error: unknown) => error);
    expect(reply).not.toHaveProperty('forms');
  });
});

describe('E8: server-everything asks', () => {
  const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
  const stdio = (): StdioServer => ({
    kind: 'stdio',
    name: 'everything',
    command: process.execPath,
    args: [program, 'stdio'],
    env: {},
    cwd: folder,
  });
  const http = async (): Promise<HttpServer> => {
    const port = await freePort();
    children.push(
      spawn(process.execPath, [program, 'streamableHttp'], {
        env: { ...process.env, PORT: String(port) },
        stdio: 'ignore',
      }),
    );
    const url = `http://127.0.0.1:${port}/mcp`;
    await until(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      15_000,
    );
    return { kind: 'http', name: 'everything', url, headers: {} };
  };

  test.each([
    ['stdio', stdio],
    ['Streamable HTTP', http],
  ] as const)(
    'over %s, with another call under way',
    async (_, server) => {
      const connection = await open(await server());
      expect((await connection.tools()).has('trigger-elicitation-request')).toBe(true);
      const other = connection.call('trigger-long-running-operation', { duration: 1, steps: 2 }, callOptions());
      const asked = question(await connection.call('trigger-elicitation-request', {}, callOptions()));
      expect(asked.forms[0]?.message).toContain('Please provide inputs');
      const answer = await asked.held?.respond(accept({ name: 'Ann' }), callOptions());
      expect(JSON.stringify(answer)).toContain('Ann');
      expect(await other).toMatchObject({ isError: false });
    },
    40_000,
  );
});
