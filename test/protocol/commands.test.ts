import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUTSIDE_COMMANDS, type OutsideName, parseCommand, UNDECODABLE } from '../../protocol/commands.ts';

const fields = [
  'actor',
  'reason',
  'commandId',
  'acceptChanges',
  'to',
  'by',
  'callId',
  'as',
  'server',
  'tool',
  'args',
  'argsRef',
  UNDECODABLE,
  '__proto__',
  'constructor',
];
const input = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withTypedArray: true,
  }),
  fc.dictionary(
    fc.constantFrom(...fields),
    fc.oneof(fc.anything(), fc.constantFrom('', 'x', '2h', '0s', 'retry', 'x'.repeat(2001))),
  ),
  fc.constantFrom({ [UNDECODABLE]: { toString: 1 } }, { [UNDECODABLE]: Object.create(null) as unknown }),
);

test(
  'U4, L3: whatever comes with a signal or an update is a command, or a problem in a sentence; nothing ' + 'throws',
  () => {
    fc.assert(
      fc.property(fc.constantFrom<OutsideName>(...OUTSIDE_COMMANDS), input, (name, value) => {
        const parsed = parseCommand(name, value, 'fallback');
        if (!parsed.ok) {
          expect(parsed.problem.startsWith(`${name}: `)).toBe(true);
          expect(parsed.problem.length).toBeLessThan(400);
          expect(parsed.by).toMatchObject({
            actor: expect.any(String) as string,
            commandId: expect.any(String) as string,
          });
          return;
        }
        const { command } = parsed;
        expect(command.type).toBe(name);
        expect(
          [command.by.actor, command.by.reason, command.by.commandId].every(
            (text) => typeof text === 'string' && text.length > 0 && text.length <= 2000,
          ),
        ).toBe(true);
        if (command.type === 'extend') expect(Number.isSafeInteger(command.ms) && command.ms > 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
  },
);

const REF = { sha256: '0a'.repeat(32), bytes: 100_000, preview: '{"text":"x' };

const parse = (name: OutsideName, value: unknown) => parseCommand(name, value, 'signal/1');

const USAGE = { model: 'm', inputTokens: 1, outputTokens: 2, microUsd: 3 };

describe('L3: a signal', () => {
  test('may come with nothing at all: then who and why are unknown, and its id is derived', () => {
    for (const nothing of [undefined, null, {}])
      expect(parse('pause', nothing)).toEqual({
        ok: true,
        command: { type: 'pause', by: { actor: 'unknown', reason: '(no reason given)', commandId: 'signal/1' } },
      });
  });

  test.each<[OutsideName, unknown, object]>([
    [
      'pause',
      { actor: 'ann', reason: 'lunch', commandId: 'c1' },
      { type: 'pause', by: { actor: 'ann', reason: 'lunch', commandId: 'c1' } },
    ],
    ['resume', { acceptChanges: true }, { type: 'resume', acceptChanges: true }],
    ['resume', {}, { type: 'resume', acceptChanges: false }],
    ['checkpoint', { name: 'half' }, { type: 'checkpoint', name: 'half' }],
    ['rollback', {}, { type: 'rollback', to: null }],
    ['rollback', { to: 'before' }, { type: 'rollback', to: 'before' }],
    ['extend', { by: '1h30m' }, { type: 'extend', ms: 5_400_000 }],
    ['topUp', { usd: '12.5' }, { type: 'topUp', microUsd: 12_500_000 }],
    ['resolve', { callId: 'a', as: 'retry' }, { type: 'resolve', callId: 'a', as: 'retry' }],
    [
      'call',
      { callId: 'a', server: 's', tool: 't', argsRef: REF },
      { type: 'call', request: { callId: 'a', server: 's', tool: 't', args: {}, argsRef: REF } },
    ],
    ['attach', {}, { type: 'attach' }],
    ['heartbeat', undefined, { type: 'heartbeat' }],
    ['saveState', { state: null }, { type: 'saveState', saved: { value: null } }],
    ['saveState', { stateRef: REF }, { type: 'saveState', saved: { ref: REF } }],
    [
      'record',
      { kind: 'decision', text: 'yes', data: [1] },
      { type: 'record', entry: { kind: 'decision', text: 'yes', data: [1] } },
    ],
    [
      'record',
      { kind: 'usage', text: 'm', usage: USAGE },
      { type: 'record', entry: { kind: 'usage', text: 'm', usage: USAGE } },
    ],
    [
      'call',
      { callId: 'a', server: 's', tool: 't' },
      { type: 'call', request: { callId: 'a', server: 's', tool: 't', args: {} } },
    ],
  ])('%s %j is read', (name, value, command) => {
    expect(parse(name, value)).toMatchObject({ ok: true, command });
  });

  test.each<[OutsideName, unknown, string]>([
    ['pause', 'lunch', 'pause: the input is a string, and a JSON object with actor and reason is needed'],
    ['pause', [1], 'pause: the input is a list, and a JSON object with actor and reason is needed'],
    ['pause', { actor: 7 }, "pause: 'actor' must be a text of 1 to"],
    ['pause', { [UNDECODABLE]: 'Unknown encoding: x' }, 'pause: the input cannot be decoded (Unknown encoding: x)'],
    ['resume', { acceptChanges: 'yes' }, "resume: 'acceptChanges' must be true or false"],
    ['checkpoint', {}, "checkpoint: 'name' must be the name of the checkpoint"],
    ['rollback', { to: 3 }, "rollback: 'to' must be the name of a checkpoint"],
    ['extend', {}, "extend: 'by' must be a duration such as 2h or 30m"],
    ...['', '0', '-1', '1e3', '0.0000001', '1 USD', 12, '9'.repeat(12)].map((usd): [OutsideName, object, string] => [
      'topUp',
      { usd },
      "topUp: 'usd' must be an amount in USD as text, such as '12.5', above 0 and with at most 6 decimals",
    ]),
    ['extend', { by: '0s' }, "extend: 'by' must be a duration such as 2h or 30m"],
    ['resolve', { callId: 'a', as: 'done' }, "resolve: 'as' must be one of succeeded, failed, retry"],
    ['resolve', { as: 'retry' }, "resolve: 'callId' must name the call"],
    ['saveState', {}, "saveState: either 'state' must be a JSON value"],
    ['saveState', { state: 1, stateRef: REF }, "saveState: either 'state' must be a JSON value"],
    ['saveState', { state: '\ud800' }, "saveState: 'state' cannot be taken: a text in it is not well-formed Unicode"],
    ['saveState', { stateRef: { ...REF, bytes: -1 } }, "saveState: 'stateRef' must be a reference"],
    ['record', { kind: 'thought', text: 'x' }, "record: 'kind' must be one of decision, api-request, usage"],
    ['record', { kind: 'decision' }, "record: 'text' must be a text of 1 to 2000 characters"],
    [
      'record',
      { kind: 'decision', text: 'x', data: 'y'.repeat(16 * 1024) },
      "record: 'data' must be at most 16384 bytes",
    ],
    ['record', { kind: 'usage', text: 'x' }, "record: a record of kind 'usage' needs 'usage'"],
    ['record', { kind: 'usage', text: 'x', usage: { ...USAGE, microUsd: 0.5 } }, "record: 'usage' must be"],
    ['record', { kind: 'usage', text: 'x', usage: { ...USAGE, inputTokens: -1 } }, "record: 'usage' must be"],
    ['record', { kind: 'usage', text: 'x', usage: { ...USAGE, more: 1 } }, "record: 'usage' must be"],
    [
      'call',
      { callId: 'plan/1', server: 's', tool: 't' },
      "call: 'callId' must not begin with 'plan/', 'plan~', 'undo/' or 'edit/'",
    ],
    [
      'call',
      { callId: 'a', server: 's', tool: 't', args: {}, argsRef: REF },
      "call: 'argsRef' must be a reference { sha256, bytes, preview }, without 'args' beside it",
    ],
    ...[
      { ...REF, sha256: '../x' },
      { ...REF, bytes: 0 },
      { ...REF, bytes: 1.5 },
      { ...REF, preview: '\ud800' },
      { ...REF, preview: 'x'.repeat(1025) },
      { ...REF, more: 1 },
      'x',
      [],
      null,
    ].map((argsRef): [OutsideName, unknown, string] => [
      'call',
      { callId: 'a', server: 's', tool: 't', argsRef },
      "call: 'argsRef' must be a reference",
    ]),
    ['call', { callId: 'a', server: 's', tool: 't', args: [] }, "call: 'args' must be a JSON object"],
  ])('%s %j is refused with what is wrong', (name, value, problem) => {
    const parsed = parse(name, value);
    expect(parsed.ok ? '' : parsed.problem).toContain(problem);
  });
});

describe('E8, U4: the method of a call', () => {
  const call = { callId: 'c', server: 's', tool: 't', args: {} };

  test('is one that a session makes; tools/call is what is meant without one', () => {
    expect(parse('call', { ...call, method: 'resources/read' })).toMatchObject({
      ok: true,
      command: { request: { ...call, method: 'resources/read' } },
    });
    for (const method of [undefined, 'tools/call']) {
      const parsed = parse('call', { ...call, method });
      expect(parsed.ok && parsed.command.type === 'call' && parsed.command.request).toEqual(call);
    }
  });

  test.each(['initialize', 'sampling/createMessage', 'tools/Call', '', 7, null, {}, ['tools/list'], '__proto__'])(
    '%j is none',
    (method) => {
      expect(parse('call', { ...call, method })).toMatchObject({
        ok: false,
        problem: expect.stringContaining("'method' must be one of") as string,
      });
    },
  );
});

describe('A2: an integer beyond 2^53 is refused where somebody wants it sent or kept', () => {
  const id = JSON.parse('9007199254740993') as number;
  test.each<readonly [OutsideName, object]>([
    ['call', { callId: 'c', server: 's', tool: 't', args: { id } }],
    ['respond', { callId: 'c', with: { content: { id } } }],
    ['record', { kind: 'decision', text: 'why', data: [id] }],
    ['saveState', { state: { at: { id } } }],
  ])('%s', (name, fields) => {
    expect(parseCommand(name, fields, 'x')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/an integer near 9007199254740992 in it is beyond 2\^53/) as string,
    });
  });
});
