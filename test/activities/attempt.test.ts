import { expect, test } from 'vitest';
import { Attempt } from '../../activities/attempt.ts';
import type { ActivityDeps, Connection } from '../../activities/deps.ts';
import type { Heartbeats } from '../../activities/heartbeats/heartbeats.ts';
import type { Reply } from '../../mcp/calls/call.ts';
import { McpError } from '../../mcp/error.ts';
import type { Intent } from '../../protocol/calls/call.ts';
import { passedOn } from '../../telemetry/pass.ts';

const TAKE = { name: 'take', inputSchema: { type: 'object' as const } };

/** Attempts on a connection whose calls end as told, one after the other. */
function attemptOn(intent: Partial<Intent>, ...ends: (Reply | McpError)[]) {
  const called: string[] = [];
  const connection = {
    lease: 'l',
    closed: true,
    tools: async () => new Map([['take', { name: 'take', hash: 'h', annotations: {}, definition: TAKE }]]),
    call: async (tool: string) => {
      called.push(tool);
      const end = ends.shift();
      if (end === undefined || end instanceof McpError) throw end ?? new Error('one call too many');
      return end;
    },
    done: async () => {},
  } as Partial<Connection> as Connection;
  const worker = { name: 'w', boot: 'b', afterDrain: false };
  const deps = {
    worker,
    slots: { count: 1, take: () => () => {} },
    config: { serverHash: () => 'c', toolRule: () => ({}) },
    connections: { acquire: async () => connection },
    telemetry: { sends: passedOn, ended: () => {} },
  } as unknown as ActivityDeps;
  const beats = { signal: new AbortController().signal, set: () => {}, add: () => {} } as Partial<Heartbeats>;
  const call = {
    server: 's',
    tool: 'take',
    args: {},
    effect: 'idempotent',
    toolHash: 'h',
    configHash: 'c',
    lease: 'l',
  };
  const attempt = new Attempt(deps, { ...call, ...intent } as Intent, beats as Heartbeats);
  return attempt.outcome().then((outcome) => ({ outcome, called }));
}

const text = (said: string): Reply => ({ isError: false, content: [{ type: 'text', text: said }] });
const lost = (sent: boolean, answered = false): McpError =>
  new McpError(answered ? 'SERVER_REFUSED' : 'CONNECTION_LOST', 'why', { sent, answered });

test.each([
  [lost(false), 'not_sent'],
  [lost(true), 'unknown'],
  [lost(true, true), 'failed'],
])('E2, E3: a call is made once, however it ends: %#: %s', async (end, kind) => {
  const { outcome, called } = await attemptOn({}, end, text('a second time'));
  expect(called).toEqual(['take']);
  expect(outcome).toMatchObject({ kind, leaseLost: true });
});

const undo = {
  tool: 'take',
  checked: true,
  call: { args: {}, check: { tool: 'look', args: {}, notFound: [], before: 'as it was' } },
} as const;

test.each([
  ['was not sent', lost(false)],
  ['was refused', lost(true, true)],
  ['got no answer', lost(true)],
])('L7: a compensation that was sent, and whose check after it %s, may have had its effect', async (_, end) => {
  const { outcome, called } = await attemptOn({ compensates: 'c', undo, attempt: 1 }, text('now'), text('taken'), end);
  expect(called).toEqual(['look', 'take', 'look']);
  expect(outcome).toMatchObject({ kind: 'unknown' });
});

test('L7: a compensation whose check before it was not answered was not sent', async () => {
  const { outcome, called } = await attemptOn({ compensates: 'c', undo, attempt: 1 }, lost(true));
  expect(called).toEqual(['look']);
  expect(outcome).toMatchObject({ kind: 'not_sent' });
});
