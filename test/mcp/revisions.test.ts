import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stdioServer } from '../servers/start.ts';
import { IDEMPOTENCY_KEY } from '../../protocol/calls/call.ts';
import { CLIENT_INFO } from '../../mcp/open.ts';
import { callOptions, failure, open, readJournal, scratchFolder, serve, until } from './harness.ts';

const PEERS = [
  { revision: '2025-06-18', sdk: 'v1' },
  { revision: '2025-11-25', sdk: 'v1' },
  { revision: '2025-11-25', sdk: 'v2' },
  { revision: '2026-07-28', sdk: 'v2' },
];
const TRANSPORTS = ['stdio', 'http', 'http with sessions'];
const cases = PEERS.flatMap((peer) => TRANSPORTS.map((transport) => ({ ...peer, transport }))).filter(
  ({ revision, transport }) => !(revision === '2026-07-28' && transport === 'http with sessions'),
);

let folder: string;
beforeAll(async () => {
  folder = await scratchFolder();
});

describe.each(cases)(
  'E1: a server of revision $revision (SDK $sdk) over $transport',
  ({ revision, sdk, transport }) => {
    const journal = (): string => join(folder, `${revision}-${sdk}-${transport}.jsonl`);
    const connect = async (): ReturnType<typeof open> => {
      const args = ['--journal', journal(), '--revision', revision, '--sdk', sdk];
      if (transport === 'stdio') return open(stdioServer('journal.mjs', ...args));
      const { server } = await serve('journal.mjs', transport === 'http' ? args : [...args, '--sessions', 'yes']);
      return open(server);
    };

    test('is spoken to in its revision, lists its tools and answers a call', async () => {
      const connection = await connect();
      expect(connection.protocolVersion).toBe(revision);
      expect(connection.serverName).toBe('journal');
      expect(connection.sessionBound).toBe(transport !== 'http');
      const tools = await connection.tools();
      expect([...tools.keys()]).toEqual(['append', 'lookup', 'upsert', 'fail', 'big']);
      expect(tools.get('lookup')?.annotations).toEqual({ readOnlyHint: true });
      expect(tools.get('append')?.hash).toMatch(/^[0-9a-f]{64}$/);

      const progress: unknown[] = [];
      const answer = await connection.call(
        'append',
        { text: 'hello' },
        callOptions({
          meta: { [IDEMPOTENCY_KEY]: 'key-1' },
          onProgress: (step) => progress.push(step),
        }),
      );
      expect(answer).toEqual({ isError: false, content: [{ type: 'text', text: 'appended hello' }] });
      expect(progress).toEqual([{ progress: 1, total: 2, message: 'begun' }]);
      const mine = readJournal(journal()).filter(({ idempotencyKey }) => idempotencyKey === 'key-1');
      expect(mine.map(({ phase }) => phase)).toEqual(['begin', 'end']);

      expect(await connection.call('lookup', { key: 'none' }, callOptions())).toMatchObject({
        structuredContent: { value: null },
      });
      expect(await connection.call('fail', {}, callOptions())).toMatchObject({
        isError: true,
        content: [{ text: 'failed as asked' }],
      });
    });

    test('hears that a call is cancelled, by the caller and by its timeout', async () => {
      const connection = await connect();
      for (const [key, code] of [
        ['by-caller', 'CALL_CANCELLED'],
        ['by-timeout', 'TOOL_TIMEOUT'],
      ] as const) {
        const controller = new AbortController();
        const call = connection.call(
          'append',
          { text: key, delayMs: 20_000 },
          callOptions({
            signal: controller.signal,
            timeout: code === 'TOOL_TIMEOUT' ? 300 : 10_000,
            meta: { [IDEMPOTENCY_KEY]: key },
            onProgress: () => {
              if (code === 'CALL_CANCELLED') controller.abort();
            },
          }),
        );
        expect(await failure(call)).toMatchObject({ code, sent: true, answered: false });
        await until(() =>
          readJournal(journal()).some(({ phase, idempotencyKey }) => phase === 'cancelled' && idempotencyKey === key),
        );
      }
      expect(await connection.call('lookup', { key: 'still there' }, callOptions())).toMatchObject({ isError: false });
    });

    test('hashes a definition alike on every connection', async () => {
      const [one, two] = await Promise.all([connect(), connect()]);
      expect(await one.tools()).toEqual(await two.tools());
    });
  },
);

test('a call that was cancelled before it was made is not sent', async () => {
  const journal = join(folder, 'aborted.jsonl');
  const connection = await open(stdioServer('journal.mjs', '--journal', journal));
  expect(
    await failure(connection.call('append', { text: 'no' }, callOptions({ signal: AbortSignal.abort() }))),
  ).toMatchObject({ code: 'CALL_CANCELLED', sent: false });
  expect(readJournal(journal)).toEqual([]);
});

test('servers learn the version of this package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(CLIENT_INFO.version).toBe(version);
});
