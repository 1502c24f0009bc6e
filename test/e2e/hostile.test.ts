import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { temporal } from '@temporalio/proto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../client/index.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { startHttpServer } from '../servers/start.ts';
import type { RunningServer } from '../servers/start.ts';
import { failedTasksOf } from '../support/failedTasks.ts';
import { Harness } from '../support/harness.ts';

const HOSTILE = fileURLToPath(new URL('../servers/hostile.mjs', import.meta.url));
const SECRET = randomUUID();
const FILE_SECRET = randomUUID();

/** How a call of `poke` ends on a server of each mode; the tool is irreversible, so that no answer means in doubt. */
const CALLS = [
  ['stdio', 'hang', 'in_doubt', 'TOOL_TIMEOUT'],
  ['stdio', 'flood', 'in_doubt', 'TOOL_TIMEOUT'],
  ['stdio', 'ping-flood', 'in_doubt', 'TOOL_TIMEOUT'],
  ['stdio', 'garbage-answer', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['stdio', 'bad-result', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['stdio', 'deep-result', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['stdio', 'huge', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['stdio', 'huge-open', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['stdio', 'die-in-call', 'in_doubt', 'CONNECTION_LOST'],
  ['stdio', 'refuse', 'failed', 'SERVER_REFUSED'],
  ['http', 'hang', 'in_doubt', 'TOOL_TIMEOUT'],
  ['http', 'flood', 'in_doubt', 'TOOL_TIMEOUT'],
  ['http', 'garbage-answer', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['http', 'no-answer', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['http', 'huge', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['http', 'huge-open', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['http', 'broken', 'in_doubt', 'CONNECTION_LOST'],
  ['http', 'stream-end', 'in_doubt', 'CONNECTION_LOST'],
  ['http', 'die-in-call', 'in_doubt', 'CONNECTION_LOST'],
] as const;

/** Servers that no session can be started on. */
const OPENINGS = [
  ['stdio', 'die-at-start', 'SERVER_UNAVAILABLE', /no licence file found/],
  ['stdio', 'mute', 'SERVER_UNAVAILABLE', /did not answer within 1000 ms/],
  ['stdio', 'garbage', 'SERVER_PROTOCOL_ERROR', /Listening on port 3000/],
  ['stdio', 'garbage-once', 'SERVER_PROTOCOL_ERROR', /Listening on port 3000/],
  ['stdio', 'one-tool-too-many', 'TOO_MANY_TOOLS', /more than 512 tools/],
  ['stdio', 'twin-tools', 'SERVER_PROTOCOL_ERROR', /two tools of the name 'poke'/],
  ['stdio', 'paging-loop', 'SERVER_PROTOCOL_ERROR', /without end/],
  ['http', 'garbage', 'SERVER_PROTOCOL_ERROR|SERVER_UNAVAILABLE', /./],
  ['http', 'redirect', 'SERVER_UNAVAILABLE', /Redirect/],
] as const;

const WELL_ENOUGH = [
  'most-tools',
  'evil-names',
  'annotated',
  'nasty-result',
  'change-tools',
  'change-silently',
  'ask',
  'wrong-output',
  'stderr-flood',
  'stubborn',
  'none',
];
const SECRETIVE = ['secret-digest', 'tell-secret', 'tell-secret-and-die'];

let harness: Harness;
const running: RunningServer[] = [];
const log: string[] = [];

const stdio = (mode: string, more: object = {}): object => ({
  command: process.execPath,
  args: [HOSTILE, '--mode', mode],
  connectTimeout: mode === 'mute' ? '1s' : mode === 'garbage-once' ? '10s' : '60s',
  ...more,
});

async function http(mode: string, more: object = {}): Promise<object> {
  const server = await startHttpServer('hostile.mjs', ['--mode', mode, '--target', 'http://127.0.0.1:9/']);
  running.push(server);
  return { url: server.server.url, ...more };
}

beforeAll(async () => {
  const logger = pino(
    { level: 'trace' },
    new Writable({
      write: (chunk, _encoding, done) => {
        log.push(String(chunk));
        done();
      },
    }),
  );
  installRuntime(logger);
  delete process.env['CUSTODY_TEST_MISSING'];
  harness = await Harness.start({ worker: { log: logger }, profile: { session: { concurrency: 16 } } });
  await writeFile(join(harness.dir, 'secret'), `${FILE_SECRET}\n`);
  const good = await startHttpServer('journal.mjs', ['--journal', harness.journalFile]);
  running.push(good);
  const servers = new Map<string, object>([['journal', { url: good.server.url }]]);
  for (const [transport, mode] of [...CALLS, ...OPENINGS])
    servers.set(`${transport}-${mode}`, transport === 'http' ? await http(mode) : stdio(mode));
  for (const mode of WELL_ENOUGH) servers.set(mode, stdio(mode));
  for (const mode of SECRETIVE) servers.set(mode, stdio(mode, { env: { TOKEN: { fromEnv: 'CUSTODY_TEST_SECRET' } } }));
  servers.set(
    'http-secret-digest',
    await http('secret-digest', { headers: { authorization: { fromFile: 'secret' } } }),
  );
  servers.set('http-tell-secret', await http('tell-secret', { headers: { authorization: { fromFile: 'secret' } } }));
  servers.set('secret-missing', stdio('none', { env: { TOKEN: { fromEnv: 'CUSTODY_TEST_MISSING' } } }));
  servers.set('trusted', stdio('annotated', { trustAnnotations: true }));
  // Not before: the HTTP servers, which are ours, inherit the whole environment.
  process.env['CUSTODY_TEST_SECRET'] = SECRET;
  const slow = CALLS.filter(([, , , code]) => code === 'TOOL_TIMEOUT').map(([transport, mode]) => [
    `${transport}-${mode}.*`,
    { timeout: '1s' },
  ]);
  await harness.stopWorker();
  await harness.configure({
    servers: Object.fromEntries(servers) as object,
    tools: { ...(Object.fromEntries(slow) as object), 'trusted.destroyer': { effect: 'compensable' } },
  });
  await harness.startWorker();
});

afterAll(async () => {
  await harness?.stop();
  await Promise.all(running.map((server) => server.kill()));
});

async function session(...servers: string[]): Promise<string> {
  const id = await harness.custody.start(harness.spec({ servers: ['journal', ...servers] }));
  await harness.until(id, ({ state }) => state === 'RUNNING' || state === 'FAILED');
  expect(await harness.custody.describe(id)).toMatchObject({ state: 'RUNNING' });
  return id;
}

const call = (id: string, target: string, callId: string): Promise<Answer | undefined> =>
  harness.custody.call(id, target, {}, { callId, wait: false }).catch(() => undefined);

/** A session lives on when it takes calls and its workflow tasks do not fail. */
async function livesOn(id: string): Promise<void> {
  expect(await harness.custody.call(id, 'journal.lookup', { key: 'k' })).toMatchObject({
    outcome: 'succeeded',
    attempts: 1,
  });
  expect(await harness.custody.describe(id)).toMatchObject({ state: 'RUNNING' });
  expect(await failedTasks(id)).toEqual([]);
}

const historyOf = (id: string): Promise<temporal.api.history.v1.IHistory> =>
  harness.custody.temporal.workflow.getHandle(id).fetchHistory();

const failedTasks = (id: string): Promise<string[]> => failedTasksOf(harness.custody.temporal, id);

describe('U4, E2: in a session on all hostile servers at once, a call on each ends with a code, and the session lives on', () => {
  let id: string;
  beforeAll(async () => {
    id = await session(...CALLS.map(([transport, mode]) => `${transport}-${mode}`));
  });

  test.concurrent.each(CALLS)('%s, %s: %s by %s', async (transport, mode, outcome, code) => {
    const [server, callId] = [`${transport}-${mode}`, `${transport}/${mode}`];
    const answer = await call(id, `${server}.poke`, callId);
    const { calls, openCalls } = await harness.custody.describe(id);
    expect(calls.find((each) => each.callId === callId)).toMatchObject({ outcome, attempts: 1 });
    expect(answer?.error ?? openCalls.find((each) => each.callId === callId)?.trouble).toMatchObject({
      code,
      message: expect.stringContaining(`'${server}'`) as string,
    });
    expect(await harness.custody.call(id, 'journal.lookup', { key: 'k' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
    // A flooding server does not listen, and one over HTTP that died stays away.
    if (!/flood|http-die/.test(server))
      expect(await call(id, `${server}.look`, `${callId}/look`)).toMatchObject({ outcome: 'succeeded' });
  });

  test('in the end the session runs on', () => livesOn(id));

  test.concurrent.each(['wrong-output', 'stderr-flood', 'stubborn', 'most-tools'])(
    '%s: is borne, and the call succeeds',
    async (mode) => {
      const id = await session(mode);
      expect(await call(id, `${mode}.${mode === 'most-tools' ? 'poke-511' : 'poke'}`, 'poke')).toMatchObject({
        outcome: 'succeeded',
        attempts: 1,
      });
      await livesOn(id);
      await harness.custody.complete(id);
      expect(await harness.custody.wait(id)).toMatchObject({ state: 'COMPLETED' });
    },
  );

  test.concurrent(
    'E8: ask: what it asks of a person waits for one, the rest is refused, and the call ends',
    async () => {
      const id = await session('ask');
      const poked = harness.custody.call(id, 'ask.poke', {}, { callId: 'poke' });
      const { openCalls } = await harness.until(id, (view) =>
        view.openCalls.some(({ phase }) => phase === 'awaiting_input'),
      );
      expect(openCalls[0]?.asks?.[0]?.message).toBe('Your password?');
      await harness.custody.respond(id, 'poke', { action: 'decline' }, { reason: 'no passwords' });
      expect(await poked).toMatchObject({ outcome: 'succeeded' });
      await livesOn(id);
      await harness.custody.complete(id);
      expect(await harness.custody.wait(id)).toMatchObject({ state: 'COMPLETED' });
    },
  );

  test.concurrent(
    'a server that dies after the session began and stays away fails its calls, unsent, and no others',
    async () => {
      const server = await startHttpServer('hostile.mjs', ['--mode', 'none']);
      const own = await Harness.start({
        servers: { away: { url: server.server.url } },
        tools: { 'away.*': { effect: 'irreversible' } },
      });
      try {
        const id = await own.custody.start(own.spec({ servers: ['journal', 'away'] }));
        await own.until(id, ({ state }) => state === 'RUNNING');
        await server.kill();
        const [gone, good] = await Promise.all([
          own.custody.call(id, 'away.poke'),
          own.custody.call(id, 'journal.lookup', { key: 'k' }),
        ]);
        expect(gone).toMatchObject({ outcome: 'failed', attempts: 3, error: { code: 'SERVER_UNAVAILABLE' } });
        expect(good).toMatchObject({ outcome: 'succeeded' });
      } finally {
        await own.stop();
      }
    },
  );
});

describe('L2: a session on a server that cannot be opened fails before any tool ran', () => {
  test.concurrent.each(OPENINGS)('%s, %s: %s', async (transport, mode, code, message) => {
    const id = await harness.custody.start(
      harness.spec({
        servers: ['journal', `${transport}-${mode}`],
        plan: [{ call: 'journal.append', args: { text: `before ${transport}-${mode}` } }],
      }),
    );
    expect(await harness.custody.wait(id)).toMatchObject({
      state: 'FAILED',
      code: expect.stringMatching(new RegExp(`^(${code})$`)) as string,
      reason: expect.stringMatching(message) as string,
      calls: [],
    });
    expect((await harness.custody.wait(id)).reason).toContain(`server '${transport}-${mode}'`);
    expect(harness.journal().filter(({ args }) => args.text === `before ${transport}-${mode}`)).toEqual([]);
    expect(await failedTasks(id)).toEqual([]);
  });
});

describe('L5, P5: tools that change', () => {
  test.concurrent(
    'with a notice: the next call pauses the session, and goes on once the change is accepted',
    async () => {
      const id = await session('change-tools');
      expect(await call(id, 'change-tools.poke', 'first')).toMatchObject({ outcome: 'succeeded' });
      await call(id, 'change-tools.poke', 'second');
      expect(await harness.custody.describe(id)).toMatchObject({
        state: 'PAUSED',
        cause: 'incident',
        reason: expect.stringMatching(/^TOOL_CHANGED: .*'change-tools\.poke'/) as string,
        openCalls: [{ callId: 'second', phase: 'queued' }],
      });
      await harness.custody.resume(id, { reason: 'try as it is' });
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'incident',
        reason: expect.stringContaining('change-tools.poke') as string,
      });
      await harness.custody.resume(id, { reason: 'looked at it', acceptChanges: true });
      expect(await harness.custody.call(id, 'change-tools.poke', {}, { callId: 'second' })).toMatchObject({
        outcome: 'succeeded',
      });
      await livesOn(id);
    },
  );

  test.concurrent('without a notice: a resume finds out', async () => {
    const id = await session('change-silently');
    expect(await call(id, 'change-silently.poke', 'first')).toMatchObject({ outcome: 'succeeded' });
    await harness.custody.pause(id);
    await harness.custody.resume(id);
    expect(await harness.until(id, ({ state }) => state === 'PAUSED' || state === 'RUNNING')).toMatchObject({
      state: 'PAUSED',
      cause: 'incident',
      reason: expect.stringContaining('change-silently.poke') as string,
    });
    await harness.custody.resume(id, { acceptChanges: true });
    expect(await harness.custody.call(id, 'change-silently.poke', {}, { callId: 'second' })).toMatchObject({
      outcome: 'succeeded',
    });
    await livesOn(id);
  });
});

describe('U4: what a server says cannot wedge a session', () => {
  test.concurrent(
    'results with lone surrogates, deep nesting, __proto__ keys, control characters, huge texts and numbers',
    async () => {
      const id = await session('nasty-result');
      const answers: (Answer | undefined)[] = [];
      for (let n = 0; n < 9; n += 1) answers.push(await call(id, 'nasty-result.poke', `nasty-${n}`));
      expect(answers.map((answer) => answer?.outcome)).toEqual(Array(9).fill('succeeded'));
      const kept = answers.map((answer) => (answer?.result && 'truncated' in answer.result ? 'by hash' : 'whole'));
      expect(kept).toEqual(['whole', 'by hash', 'by hash', 'whole', 'whole', 'whole', 'by hash', 'whole', 'whole']);
      expect(JSON.stringify(answers[0]?.result)).toContain('lone \uFFFD and \uFFFD, \\\\ud800 spelt out');
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      await livesOn(id);
      const entries = [];
      for await (const entry of harness.custody.watch(id, { follow: false })) entries.push(entry);
      expect(entries.filter(({ kind }) => kind === 'outcome').length).toBe(10);
    },
  );

  test.concurrent('tools with names that code may stumble over are pinned and called', async () => {
    const id = await session('evil-names');
    expect((await harness.custody.describe(id)).servers).toContainEqual(
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
    await expect(harness.custody.call(id, 'evil-names.hasOwnProperty')).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    await expect(harness.custody.call(id, '__proto__.poke')).rejects.toMatchObject({ code: 'UNKNOWN_SERVER' });
    await livesOn(id);
  });

  test.concurrent.each([['語'.repeat(5000)], ['\u0001'.repeat(5000)], ['\u{1F600}'.repeat(5000)]])(
    'arguments that grow when they are encoded fit into the summary of an attempt',
    async (text) => {
      const id = await session('none');
      expect(await harness.custody.call(id, 'none.poke', { text })).toMatchObject({ outcome: 'succeeded' });
      await livesOn(id);
    },
  );
});

describe('E3: the effect of a tool that custody.yaml does not rule', () => {
  const effects = async (id: string): Promise<Record<string, string>> => {
    for (const tool of ['silent', 'reader', 'repeater', 'destroyer', 'mild'])
      await call(id, `${id.endsWith('trusted') ? 'trusted' : 'annotated'}.${tool}`, tool);
    const found: Record<string, string> = {};
    for await (const { kind, text, callId } of harness.custody.watch(id, { follow: false }))
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

describe('E1: secrets', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const textOf = (answer: Answer | undefined): unknown =>
    answer?.result && 'content' in answer.result ? (answer.result.content as { text: string }[])[0]?.text : undefined;

  test('go to their server by reference, and are in no history, state folder or log', async () => {
    const id = await session('secret-digest', 'http-secret-digest', 'tell-secret', 'http-tell-secret');
    expect(textOf(await call(id, 'secret-digest.poke', 'digest'))).toBe(sha256(SECRET));
    expect(textOf(await call(id, 'http-secret-digest.poke', 'http-digest'))).toBe(sha256(FILE_SECRET));
    // Servers that repeat their secret where they say what is wrong with it.
    expect(await call(id, 'tell-secret.poke', 'told')).toMatchObject({
      outcome: 'failed',
      error: { code: 'SERVER_REFUSED', message: expect.stringContaining('has expired') as string },
    });
    expect(await call(id, 'http-tell-secret.poke', 'http-told')).toMatchObject({
      outcome: 'failed',
      error: { code: 'SERVER_REFUSED' },
    });
    const failed = await harness.custody.start(harness.spec({ servers: ['tell-secret-and-die'] }));
    expect(await harness.custody.wait(failed)).toMatchObject({
      state: 'FAILED',
      code: 'SERVER_UNAVAILABLE',
      reason: expect.stringContaining('has expired') as string,
    });

    const histories = await Promise.all(
      [id, failed].map(async (each) => temporal.api.history.v1.History.encode(await historyOf(each)).finish()),
    );
    const state = readdirSync(join(harness.dir, 'state'), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name)));
    expect([histories.length, state.length > 0, log.length > 0]).toEqual([2, true, true]);
    for (const secret of [SECRET, FILE_SECRET]) {
      expect(
        histories.map((history) => Buffer.from(history).includes(secret)),
        'in a history',
      ).toEqual([false, false]);
      expect(
        state.some((file) => file.includes(secret)),
        'in the state folder',
      ).toBe(false);
      expect(
        log.filter((line) => line.includes(secret)),
        'in the log',
      ).toEqual([]);
    }
  });

  test('that are missing fail the session with the name of the variable', async () => {
    const id = await harness.custody.start(harness.spec({ servers: ['secret-missing'] }));
    expect(await harness.custody.wait(id)).toMatchObject({
      state: 'FAILED',
      code: 'SECRET_MISSING',
      reason: expect.stringMatching(/'secret-missing'.*CUSTODY_TEST_MISSING/) as string,
    });
  });

  test('of the worker are not inherited by a server', async () => {
    const id = await session('none');
    const { env } = JSON.parse(String(textOf(await call(id, 'none.look', 'look')))) as { env: Record<string, string> };
    expect(env['PATH']).toBe(process.env['PATH']);
    expect(Object.keys(env).filter((name) => /CUSTODY|TEMPORAL|NODE|VITEST/.test(name))).toEqual([]);
    expect(JSON.stringify(env)).not.toContain(SECRET);
  });
});
