import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporal } from '@temporalio/proto';
import pino from 'pino';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Answer } from '../../../client/index.ts';
import { installRuntime } from '../../../worker/runtime.ts';
import { startHttpServer, type RunningServer } from '../../servers/start.ts';
import { failedTasksOf } from '../../support/failedTasks.ts';
import { Harness } from '../../support/harness.ts';

const HOSTILE = fileURLToPath(new URL('../../servers/hostile.mjs', import.meta.url));
/** With characters that are spelt in other ways in a URL. */
export const SECRET = `${randomUUID()}/ü+ %`;
export const FILE_SECRET = randomUUID();

const WELL_ENOUGH = [
  'bad-result',
  'deep-result',
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
const SECRETIVE = ['secret-digest', 'tell-secret', 'tell-secret-and-die', 'echo-secret'];

export let harness: Harness;
const running: RunningServer[] = [];
export const log: string[] = [];

const stdio = (mode: string, more: object = {}): object => ({
  command: process.execPath,
  args: [HOSTILE, '--mode', mode],
  connectTimeout: mode === 'mute' ? '1s' : mode === 'garbage-once' ? '10s' : '60s',
  ...more,
});

/** Servers that answer as they are told have a number behind their mode, so that each test has its own. */
async function http(mode: string, more: object = {}): Promise<object> {
  const name = mode.replace(/^(told.*)-\d+$/, '$1');
  const server = await startHttpServer('hostile.mjs', ['--mode', name, '--target', 'http://127.0.0.1:9/']);
  running.push(server);
  return { url: server.server.url, ...more };
}

/** Every server over stdio that a test may name, and those over HTTP. */
async function serversFor(modes: readonly Mode[], hasSecrets: boolean): Promise<object> {
  const secret = { env: { TOKEN: { fromEnv: 'CUSTODY_TEST_SECRET' } } };
  const header = { headers: { authorization: { fromFile: 'secret' } } };
  return {
    ...Object.fromEntries(WELL_ENOUGH.map((mode) => [mode, stdio(mode)])),
    ...Object.fromEntries(SECRETIVE.map((mode) => [mode, stdio(mode, secret)])),
    ...Object.fromEntries(
      await Promise.all(
        modes.map(async ([transport, mode]) => [
          `${transport}-${mode}`,
          transport === 'http' ? await http(mode) : stdio(mode),
        ]),
      ),
    ),
    ...(hasSecrets && {
      'http-secret-digest': await http('secret-digest', header),
      'http-tell-secret': await http('tell-secret', header),
      'http-echo-secret': await http('echo-secret', header),
    }),
    'secret-missing': stdio('none', { env: { TOKEN: { fromEnv: 'CUSTODY_TEST_MISSING' } } }),
    trusted: stdio('annotated', { trustAnnotations: true }),
  };
}

type Mode = readonly [transport: 'stdio' | 'http', mode: string, ...rest: unknown[]];

/** For all tests of a file: a worker on hostile servers, one of each mode that is given, and a good one, `journal`. */
export function onHostileServers(modes: readonly Mode[] = [], { hasSecrets = false } = {}): void {
  beforeAll(async () => {
    const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
    installRuntime(logger);
    delete process.env['CUSTODY_TEST_MISSING'];
    harness = await Harness.start({ worker: { log: logger }, profile: { session: { concurrency: 16 } } });
    await writeFile(join(harness.dir, 'secret'), `${FILE_SECRET}\n`);
    const good = await startHttpServer('journal.mjs', ['--journal', harness.journalFile]);
    running.push(good);
    const servers = await serversFor(modes, hasSecrets);
    // Not before: the HTTP servers, which are ours, inherit the whole environment.
    process.env['CUSTODY_TEST_SECRET'] = SECRET;
    const slow = modes
      .filter(([, , , code]) => code === 'TOOL_TIMEOUT')
      .map(([transport, mode]) => [`${transport}-${mode}.*`, { timeout: '1s' }]);
    await harness.stopWorker();
    await harness.configure({
      servers: { journal: { url: good.server.url }, ...servers },
      tools: { ...(Object.fromEntries(slow) as object), 'trusted.destroyer': { effect: 'compensable' } },
    });
    await harness.startWorker();
  });
  afterAll(async () => {
    await harness?.stop();
    await Promise.all(running.map((server) => server.kill()));
  });
}

export async function session(...servers: string[]): Promise<string> {
  const { id } = await harness.custody.start(harness.spec({ servers: ['journal', ...servers] }));
  await harness.until(id, ({ state }) => state === 'RUNNING' || state === 'FAILED');
  expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
  return id;
}

export const call = (id: string, target: string, callId: string): Promise<Answer | undefined> =>
  harness.custody
    .session(id)
    .call(target, {}, { callId, wait: false })
    .catch(() => undefined);

/** A session lives on when it takes calls and its workflow tasks do not fail. */
export async function livesOn(id: string): Promise<void> {
  expect(await harness.custody.session(id).call('journal.lookup', { key: 'k' })).toMatchObject({
    outcome: 'succeeded',
    attempts: 1,
  });
  expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
  expect(await failedTasks(id)).toEqual([]);
}

export const historyOf = (id: string): Promise<temporal.api.history.v1.IHistory> =>
  harness.custody.temporal.workflow.getHandle(id).fetchHistory();

export const failedTasks = (id: string): Promise<string[]> => failedTasksOf(harness.custody.temporal, id);
