import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Answer, SessionHandle } from '../../client/index.ts';
import { isObject } from '../../protocol/values/json.ts';
import { alteredNumberIn } from '../../protocol/values/numbers/exact.ts';
import { partsOf } from '../../protocol/values/parts.ts';
import { type RunningServer, startHttpServer } from '../servers/start.ts';
import { failedTasksOf } from '../support/failedTasks.ts';
import { Harness } from '../support/harness.ts';
import { CASES, filled, IS_LONG } from './json.ts';

vi.setConfig({ testTimeout: IS_LONG ? 3_600_000 : 180_000 });

/** Responses to a call; each `@` is any JSON value. */
const RESPONSES = [
  '{"jsonrpc":"2.0","id":$ID,"result":@}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":@,"structuredContent":@,"isError":@,"_meta":@}}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[@,@]}}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":@,"annotations":@,"_meta":@}]}}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":@,"data":@,"mimeType":@}]}}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"resource","resource":{"uri":@,"blob":@,"text":@}}]}}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[],"structuredContent":{"id":@,"more":[@]}}}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[],"resultType":@,"more":@}}',
  '{"jsonrpc":@,"id":$ID,"result":{"content":[]},"more":@}',
  '{"jsonrpc":"2.0","id":$ID,"result":{"content":[]},"error":@}',
  '{"jsonrpc":"2.0","id":$ID,"error":@}',
  '{"jsonrpc":"2.0","id":$ID,"error":{"code":@,"message":@,"data":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":@,"result":@}',
  '{"jsonrpc":"2.0","id":"$ID","result":@}',
  '{"result":@,"id":$ID}',
  '{"id":$ID,"more":@}',
];
const TYPES = ['application/json', 'text/plain', 'text/html; charset=utf-8', 'text/event-stream'];

let harness: Harness;
let server: RunningServer;
beforeAll(async () => {
  server = await startHttpServer('hostile.mjs', ['--mode', 'told']);
  const hostile = fileURLToPath(new URL('../servers/hostile.mjs', import.meta.url));
  harness = await Harness.start({
    servers: {
      stdio: { command: process.execPath, args: [hostile, '--mode', 'told'] },
      http: { url: server.server.url },
    },
    profile: { session: { concurrency: 16 } },
  });
});
afterAll(async () => {
  await harness?.stop();
  await server?.kill();
});

interface Case {
  readonly message: string;
  readonly type: string;
}

/** How long the slowest call took, in milliseconds. */
let slowest = 0;

async function ask(session: SessionHandle, way: 'stdio' | 'http', { message, type }: Case): Promise<void> {
  const body = type === 'text/event-stream' && way === 'http' ? `data: ${message}\n\n` : message;
  const begun = performance.now();
  // In doubt it would be parked, and that fails here.
  const answer = await session.call(`${way}.poke`, { body, type }, { wait: false });
  slowest = Math.max(slowest, performance.now() - begun);
  const parsed = JSON.parse(message.replaceAll('$ID', '0')) as Record<string, unknown>;
  if (parsed['error'] !== undefined && parsed['error'] !== null)
    return expect(answer).toMatchObject({ outcome: 'failed', error: { code: 'SERVER_REFUSED' } });
  const result = 'result' in parsed ? parsed['result'] : parsed;
  const isError = isObject(result) && result['isError'] === true;
  expect(answer.outcome).toBe(isError ? 'tool_error' : 'succeeded');
  expectKept(answer, message, result);
}

/** What stands on record is what the server said: to the letter, or as a value that says all of it. */
function expectKept({ result: kept }: Answer, message: string, result: unknown): void {
  if (!kept || !('content' in kept || 'raw' in kept)) throw new Error(`no result: ${JSON.stringify(kept)}`);
  const said = partsOf(message).findLast(({ name }) => name === 'result')?.text;
  if (kept.exact !== undefined)
    return expect(said === undefined ? kept.exact.replace(/"id":\d+/, '"id":$ID') : kept.exact).toBe(said ?? message);
  expect(alteredNumberIn(said ?? message.replaceAll('$ID', '0'))).toBeUndefined();
  if ('raw' in kept) return expect(said === undefined ? { ...(kept.raw as object), id: 0 } : kept.raw).toEqual(result);
  const { content, structuredContent, more } = kept;
  const whole = { content, structuredContent, ...more };
  const { isError, resultType, ...rest } = result as Record<string, unknown>;
  const expected = {
    ...rest,
    ...(typeof isError === 'boolean' ? {} : { isError }),
    ...(resultType === 'complete' ? {} : { resultType }),
  };
  const present = (value: object): object =>
    Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined));
  expect({ content: [], ...present(whole) }).toEqual({ content: [], ...present(expected) });
}

describe.each(['stdio', 'http'] as const)('A2, E2: over %s', (way) => {
  test('a response with the id of a call is its answer, whatever is in it, and is kept as it came', async () => {
    const id = await harness.running({ servers: ['journal', way] });
    const session = harness.custody.session(id);
    const each = fc.record({ message: filled(RESPONSES), type: fc.constantFrom(...TYPES) });
    await fc.assert(
      fc.asyncProperty(fc.array(each, { minLength: 10, maxLength: 10 }), async (cases) => {
        await Promise.all(cases.map((one) => ask(session, way, one)));
      }),
      { numRuns: CASES / 10, endOnFailure: true },
    );
    expect(await session.describe()).toMatchObject({ state: 'RUNNING', openCalls: [] });
    expect(await failedTasksOf(harness.custody.temporal, id)).toEqual([]);
    if (IS_LONG) expect(slowest).toBeLessThan(2000);
  });
});
