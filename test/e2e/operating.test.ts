import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbeddedTemporal } from '../../cli/temporal/embedded.ts';
import { buildProgram } from '../../cli/main.ts';
import { Custody } from '../../client/custody.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import { eventually, Harness } from '../support/harness.ts';
import { resetSession } from '../support/reset.ts';
import { temporalAddress } from '../support/temporal.ts';

/** The messages of docs/operating.md are those that people meet: each is made here, and compared to the letter. */

const text = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8');
const messages = Object.fromEntries(
  [...text.matchAll(/^### (.*)\n\n```text\n([\s\S]*?)\n```/gm)].map(([, title = '', message = '']) => [title, message]),
);

const DAY = 24 * 60 * 60 * 1000;
const NOBODY = `nobody-${randomUUID()}`;

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const session = (id: string) => harness.custody.session(id);
const running = async (id: string, limits?: JsonObject): Promise<string> => {
  const overrides = limits ? { overrides: { session: limits } } : {};
  await harness.custody.start(harness.spec(overrides), { id });
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};
/** The first line that the command line prints of an error. */
const said = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'nothing was refused',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );
const look = (id: string, key = 'a') => session(id).call('journal.lookup', { key });

async function inDoubt(id: string): Promise<string> {
  await running(id);
  session(id)
    .call('journal.append', { text: 'once', gate: id }, { callId: 'c1' })
    .catch(() => undefined);
  const { pid } = await eventually(
    () => harness.journal().find(({ args }) => (args as { gate?: string }).gate === id),
    'at the server',
  );
  process.kill(pid, 'SIGKILL');
  const view = await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'in_doubt');
  const { code, message } = view.openCalls[0]!.trouble!;
  return `${code}: ${message}`;
}

/** What is done to meet each message. */
const MET: { readonly [title: string]: () => Promise<string> } = {
  'Nothing answers': () => said(Custody.connect({ address: '127.0.0.1:1' })),
  'Another namespace': async () => {
    const custody = await Custody.connect({ address: temporalAddress(), namespace: 'agents' });
    const list = async () => {
      for await (const _ of custody.list());
    };
    return said(list()).finally(() => custody.close());
  },
  'A worker that does not start': () => said(harness.startWorker({ namespace: 'temporal-system' })),
  'A port that is taken': async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return said(startEmbeddedTemporal({ port, headless: true, searchAttributes: [] })).finally(() => server.close());
  },
  'A file with a mistake': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custody-'));
    const file = join(folder, 'custody.yaml');
    await writeFile(file, 'servers:\n  files: { comand: npx, command: npx }\nprofiles: { standard: {} }\n');
    return said(loadOperatorConfig(file)).finally(() => rm(folder, { recursive: true }));
  },
  'A session that is not there': () => said(session('op-1').describe()),
  'An id twice': async () => said(harness.custody.start(harness.spec(), { id: await running('op-2') })),
  'A tool that is not there': async () => said(session(await running('op-4')).call('journal.apend', {})),
  'A call in doubt': () => inDoubt('op-5'),
  'It ends, and does not end': async () => {
    await inDoubt('op-6');
    await session('op-6').complete();
    return said(look('op-6'));
  },
  'Two people at once': async () => {
    await harness.custody
      .as('ann')
      .session(await running('op-7'))
      .pause({ reason: 'wrong folder' });
    return said(session('op-7').pause());
  },
  'Something has changed': async () => {
    await session(await running('op-8')).pause();
    await harness.stopWorker();
    await harness.configure({ tools: { 'journal.lookup': { effect: 'idempotent' } } });
    await harness.startWorker();
    await session('op-8').resume();
    const { reason } = await harness.until('op-8', ({ state, cause }) => state === 'PAUSED' && cause === 'incident');
    return reason ?? '';
  },
  'Past the deadline': async () => {
    await running('op-9', { timeout: '2s', warning: '1s' });
    await harness.until('op-9', ({ graceUntil }) => graceUntil !== null);
    return said(session('op-9').resume());
  },
  'Too long an extension': async () => said(session(await running('op-10')).extend(2 * DAY)),
  'Too many calls': async () => {
    await running('op-11', { maxCalls: 2 });
    await look('op-11', 'a');
    await look('op-11', 'b');
    return said(look('op-11', 'c'));
  },
  'An agent that repeats itself': async () => {
    await running('op-12', { maxIdentical: 2 });
    await look('op-12');
    await look('op-12');
    return said(look('op-12'));
  },
  'Refused again and again': async () => {
    await running('op-13');
    return eventually(async () => {
      const message = await said(session('op-13').call('journal.apend', {}));
      return message.startsWith('TOO_MANY') && message;
    }, 'it has to wait');
  },
  'Ended by hand': async () => {
    await harness.custody.temporal.workflow.getHandle(await running('op-3')).terminate('tidy up');
    return said(session('op-3').describe());
  },
  Reset: async () => {
    await look(await running('op-14'));
    await resetSession(harness.custody.temporal, 'op-14', (tasks) => tasks.at(-1));
    await harness.until('op-14', ({ resetAt }) => resetAt !== null);
    return said(session('op-14').resume());
  },
  'Nobody at work': async () => {
    const custody = await Custody.connect({ address: temporalAddress(), taskQueue: NOBODY });
    const { id } = await custody.start(harness.spec());
    return said(custody.session(id).pause()).finally(() => custody.close());
  },
};

/** Without what differs each time: instants, addresses, folders, processes, queues. */
const plain = (message: string): string =>
  message
    .replaceAll(NOBODY, 'custody')
    .replaceAll('temporal-system', 'agents')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/by \S.*@[^:]+/, 'by WHO')
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/port \d+/, 'port PORT')
    .replace(/\d+ commands/, 'some commands')
    .replace(/(^|\s)\/\S*custody\.yaml/gm, '$1custody.yaml');

describe('docs/operating.md', () => {
  test('has twenty messages', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(MET).sort());
    expect(Object.keys(messages)).toHaveLength(20);
  });

  test.each(Object.entries(MET))(
    '%s: the message is the one that the code gives',
    async (title, meet) => {
      expect(plain(await meet())).toBe(plain(messages[title] ?? ''));
    },
    60_000,
  );

  test('names only commands that there are, and queries that Temporal takes', async () => {
    const commands = new Set(buildProgram().commands.map((command) => command.name()));
    for (const [, name = ''] of text.matchAll(/custody ([a-z][a-z-]+)\b(?=[ `]|$)/gm))
      expect([...commands], name).toContain(name);
    for (const [, query = ''] of text.matchAll(/^\|[^|]+\| `(.*)` *\|$/gm))
      if (query.includes('Custody')) await harness.custody.temporal.workflow.count(query);
  });
});
