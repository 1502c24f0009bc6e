import { afterAll, describe, expect, test } from 'vitest';
import { Attempt } from '../../../activities/attempt.ts';
import type { ActivityDeps, Connection } from '../../../activities/deps.ts';
import type { Heartbeats } from '../../../activities/heartbeats/heartbeats.ts';
import { Scanner } from '../../../activities/scan/scanner.ts';
import type { CallOptions, Reply } from '../../../mcp/calls/call.ts';
import { McpError } from '../../../mcp/error.ts';
import type { Intent } from '../../../protocol/calls/call.ts';
import type { ScanWanted } from '../../../protocol/incidents/scan.ts';
import type { Json, JsonObject } from '../../../protocol/values/json.ts';
import { samples } from './samples.ts';

const SECRET = samples()[0]?.secret ?? '';
const MARK = '[redacted: github-token]';
const scanner = new Scanner();
afterAll(() => scanner.close());

const TAKE = { name: 'take', description: `Knows ${SECRET}`, inputSchema: { type: 'object' as const } };
const text = (said: string, more: object = {}): Reply => ({
  isError: false,
  content: [{ type: 'text', text: said }],
  ...more,
});

/** An attempt on a connection whose calls end as told, and all that leaves the worker because of it. */
async function attemptOn(
  scan: ScanWanted,
  ends: (Reply | McpError)[],
  { intent = {}, rule = {}, policies = {} }: { intent?: Partial<Intent>; rule?: object; policies?: object } = {},
) {
  const sent: JsonObject[] = [];
  const kept: Json[] = [];
  const beats: object[] = [];
  const connection = {
    tools: async () => new Map([['take', { name: 'take', hash: 'h', annotations: {}, definition: TAKE }]]),
    call: async (_: string, args: JsonObject, { onProgress }: CallOptions) => {
      sent.push(args);
      onProgress?.({ progress: 1, message: `at ${SECRET}` });
      const end = ends.shift();
      if (end === undefined || end instanceof McpError) throw end ?? new Error('one call too many');
      return end;
    },
    done: async () => {},
  } as Partial<Connection> as Connection;
  const deps = {
    worker: { name: 'w', boot: 'b', afterDrain: false },
    slots: { count: 1, take: () => () => {} },
    config: { serverHash: () => 'c', toolRule: () => rule },
    connections: { acquire: async () => connection },
    payloads: { put: async (value: Json) => ({ sha256: String(kept.push(value)), bytes: 1, preview: '' }) },
    policies,
    scanner,
    telemetry: { sends: () => ({ traceparent: undefined, over: () => {} }), ended: () => {} },
  } as unknown as ActivityDeps;
  const heartbeats = {
    signal: new AbortController().signal,
    add: (each: object) => void beats.push(each),
    mark: async (each: object) => void beats.push(each),
  } as Partial<Heartbeats> as Heartbeats;
  const call = { server: 's', tool: 'take', args: {}, effect: 'compensable', toolHash: 'h', configHash: 'c', scan };
  const given = { ...call, idempotencyKey: 'k', timeout: 1000, attempt: 1, ...intent } as unknown as Intent;
  const outcome = await new Attempt(deps, given, heartbeats).outcome();
  return { outcome, sent, left: JSON.stringify([outcome, kept, beats]) };
}

const REDACT: ScanWanted = { secrets: 'redact' };

describe('P5: whatever of a server’s words would stand in history is scanned', () => {
  test('the message of an error, and that of JSON-RPC', async () => {
    const rpc = { code: -32000, message: `bad ${SECRET}` };
    const error = new McpError('SERVER_REFUSED', `it says ${SECRET}`, { sent: true, answered: true, rpc });
    for (const secrets of ['redact', 'block'] as const) {
      const { outcome, left } = await attemptOn({ secrets }, [error]);
      expect(outcome).toMatchObject({ kind: 'failed', message: `it says ${MARK}`, rpc: { message: `bad ${MARK}` } });
      expect(left).not.toContain(SECRET);
    }
  });

  test('an error of a tool, numbers to the letter, and what MCP does not know', async () => {
    const said = text(SECRET, { isError: true, more: { odd: [SECRET] }, exact: `{"a":1.0,"text":"${SECRET}"}` });
    const { outcome, left } = await attemptOn(REDACT, [said]);
    expect(outcome).toMatchObject({ kind: 'tool_error', result: { more: { odd: [MARK] } } });
    expect(left).not.toContain(SECRET);
  });

  test('where nothing is found, numbers to the letter stay', async () => {
    const { outcome } = await attemptOn(REDACT, [text('x', { exact: '{"a":1.0}' })]);
    expect(outcome).toMatchObject({ result: { exact: '{"a":1.0}' } });
    expect(outcome).not.toHaveProperty('found');
  });

  test('a form: a call that has begun goes on, and what is to be blocked is redacted', async () => {
    const form = { key: 'k', message: `Is ${SECRET} right?`, schema: { type: 'object', title: SECRET } };
    for (const secrets of ['redact', 'block'] as const) {
      const { outcome, left } = await attemptOn({ secrets }, [{ forms: [form], requestState: 'mine' }]);
      expect(outcome).toMatchObject({
        kind: 'input_required',
        asks: { forms: [{ key: 'k', message: `Is ${MARK} right?` }], requestState: 'mine' },
      });
      expect(left).not.toContain(SECRET);
    }
  });

  test('what must go back to a server as it came: the call does not go on', async () => {
    const { outcome, left } = await attemptOn(REDACT, [{ forms: [], requestState: SECRET }]);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'SCAN_BLOCKED' });
    expect(left).not.toContain(SECRET);
  });

  test('progress, which loses its words', async () => {
    const { left } = await attemptOn(REDACT, [text('done')]);
    expect(left).toContain('"progress":1');
    expect(left).not.toContain(SECRET);
    expect((await attemptOn({ secrets: 'flag' }, [text('done')])).left).toContain(`at ${SECRET}`);
  });

  test('what persons are shown before they approve', async () => {
    const decision = { verdict: 'needs_approval', rules: [], set: 'p' };
    const policies = { decide: async () => ({ decision, why: 'look', approval: { persons: 1, expires: 1000 } }) };
    const rule = { undo: { before: { tool: 'look', args: {} }, restore: { tool: 'take', args: {} } } };
    const intent = { policy: { set: 'p' } } as unknown as Partial<Intent>;
    for (const size of [1, 20_000]) {
      const there = text(`${'x'.repeat(size)} ${SECRET}`);
      const { outcome, left } = await attemptOn(REDACT, [there], { intent, rule, policies });
      expect(outcome).toMatchObject({ kind: 'needs_approval', asks: { description: `Knows ${MARK}` } });
      expect(left).not.toContain(SECRET);
      expect(left).toContain(`x ${MARK}`);
    }
  });

  test('a before-image: the call is made, and cannot be undone', async () => {
    const rule = {
      undo: {
        before: { tool: 'look', args: {} },
        restore: { tool: 'take', args: { text: '${before.content.0.text}' } },
      },
    };
    for (const was of [SECRET, `${'x'.repeat(2000)} ${SECRET}`]) {
      const { outcome, sent, left } = await attemptOn(REDACT, [text(was), text('done'), text('new')], { rule });
      expect(outcome).toMatchObject({
        kind: 'succeeded',
        undo: { impossible: expect.stringContaining('github-token') },
      });
      expect(sent).toHaveLength(3);
      expect(left).not.toContain(SECRET);
    }
  });
});

test('P5: nothing that is wanted is nothing that is asked', async () => {
  const { outcome } = await attemptOn(undefined as unknown as ScanWanted, [text(SECRET)]);
  expect(outcome).toMatchObject({ kind: 'succeeded', result: { content: [{ text: SECRET }] } });
  expect(outcome).not.toHaveProperty('found');
});
