import fc from 'fast-check';
import type { AgentRecord, SavedState } from '../../../protocol/agent.ts';
import { type AttemptOutcome, EFFECTS, type Effect, type ReadMethod } from '../../../protocol/calls/call.ts';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Asks } from '../../../protocol/calls/asks.ts';
import type { Undo } from '../../../protocol/calls/undo.ts';
import { HOUR, MINUTE, textOf } from '../world.ts';

export const record = <T>(arbitraries: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(arbitraries, { noNullPrototype: true }) as fc.Arbitrary<T>;

export const pick = fc.nat({ max: 20 });
export const BIG = textOf('x'.repeat(60_000));

export const worker = record({
  name: fc.constantFrom('w1', 'w2', 'constructor'),
  boot: fc.constantFrom('b1', 'b2', 'b3'),
  afterDrain: fc.boolean(),
});
export const FORM = {
  key: 'k',
  message: 'sure?',
  schema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] },
};
export const asks = fc.constantFrom<Asks>(
  { forms: [FORM], requestState: 'state' },
  { forms: [FORM], held: { worker: { name: 'w1', boot: 'b1' }, id: 'held' } },
  { forms: [], requestState: 'again' },
);
export const codes: fc.Arbitrary<ErrorCode> = fc.constantFrom(
  'WORKER_LOST',
  'CONNECTION_LOST',
  'SERVER_UNAVAILABLE',
  'CALL_CANCELLED',
  'CONFIG_CHANGED',
  'TOOL_CHANGED',
  'TOOL_TIMEOUT',
  'RESULT_TOO_LARGE',
  'ARGUMENTS_TOO_LARGE',
  'SECRET_MISSING',
  'INTERNAL_ERROR',
);
export const undo: fc.Arbitrary<Undo> = fc.constantFrom<Undo>(
  { tool: 'idempotent', checked: true, call: { args: {} } },
  { tool: 'irreversible', checked: false, call: { args: { n: 1 } } },
  { tool: 'none', checked: false, call: { args: {} } },
  { impossible: 'nobody knows how' },
);
export const outcome: fc.Arbitrary<AttemptOutcome> = fc
  .tuple(
    fc.oneof(
      {
        weight: 3,
        arbitrary: record({ kind: fc.constant('succeeded' as const), result: fc.constant(textOf('done')), undo }),
      },
      {
        weight: 4,
        arbitrary: record({
          kind: fc.constant('succeeded' as const),
          result: fc.oneof(
            { weight: 9, arbitrary: fc.constant(textOf('done')) },
            { weight: 1, arbitrary: fc.constant(BIG) },
            { weight: 1, arbitrary: fc.constant({ ref: { sha256: 'a'.repeat(64), bytes: 5_000_000, preview: '' } }) },
          ),
        }),
      },
      { weight: 1, arbitrary: record({ kind: fc.constant('tool_error' as const), result: fc.constant(textOf('no')) }) },
      { weight: 2, arbitrary: record({ kind: fc.constant('input_required' as const), asks }) },
      {
        weight: 1,
        arbitrary: record({
          kind: fc.constant('denied' as const),
          code: fc.constant('POLICY_DENIED' as const),
          message: fc.constant('no'),
        }),
      },
      {
        weight: 6,
        arbitrary: record({
          kind: fc.constantFrom('failed' as const, 'not_sent' as const, 'unknown' as const),
          code: codes,
          message: fc.constant('trouble'),
        }),
      },
    ),
    fc.option(worker, { nil: undefined }),
    fc.nat({ max: 5 }),
    fc.constantFrom(undefined, 0, 1500, 30_001, 400_000),
  )
  .map(([ends, who, chance, took]) => ({
    ...ends,
    ...(took === undefined ? {} : { ms: took }),
    ...(who ? { worker: who } : {}),
    ...(chance === 0 || ('code' in ends && ends.code === 'WORKER_LOST') ? { workerLost: true as const } : {}),
  }));

export const by = record({
  actor: fc.constantFrom('ann', 'bob'),
  reason: fc.constant('because'),
  commandId: fc.uuid(),
});
export const effect = fc.constantFrom<Effect>(...EFFECTS);
export const tool = fc.oneof(
  { weight: 12, arbitrary: effect as fc.Arbitrary<string> },
  { weight: 1, arbitrary: fc.constantFrom('none', 'constructor', '__proto__', '\ud800') },
);
export const server = fc.oneof(
  { weight: 20, arbitrary: fc.constant('s') },
  { weight: 1, arbitrary: fc.constantFrom('none', 'constructor', '__proto__', 'toString') },
);
export const args = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom({}, { n: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom({ n: Infinity }, { n: '\ud800' }, { n: 'y'.repeat(70_000) }) },
);
export const request = record({
  callId: fc.oneof(
    { weight: 20, arbitrary: fc.nat({ max: 25 }).map((n) => `call-${n}`) },
    { weight: 1, arbitrary: fc.constantFrom('', 'has space', '__proto__') },
  ),
  server,
  tool,
  args,
});
export const read = fc
  .tuple(request, fc.constantFrom<ReadMethod>('tools/list', 'resources/read'))
  .map(([call, method]) => ({ ...call, method }));
export const outside = fc
  .tuple(request, fc.constantFrom(1, 2), fc.constantFrom(100_000, 20_000_000))
  .map(([call, n, bytes]) => ({
    ...call,
    args: {},
    argsRef: { sha256: String(n).repeat(64), bytes, preview: 'y'.repeat(1024) },
  }));
export const ms = fc.constantFrom(1, 1000, 20_000, 10 * MINUTE, HOUR, 7 * HOUR);

export const saved: fc.Arbitrary<SavedState> = fc.constantFrom(
  { value: { step: 1 } },
  { value: null },
  { value: 'x'.repeat(2000) },
  { ref: { sha256: 'a'.repeat(64), bytes: 5000, preview: 'p' } },
  { ref: { sha256: 'b'.repeat(64), bytes: 300_000, preview: 'p' } },
);
export const entry: fc.Arbitrary<AgentRecord> = fc.constantFrom(1, 40_000, Number.MAX_SAFE_INTEGER).chain((tokens) =>
  fc.constantFrom<AgentRecord>(
    { kind: 'decision', text: 'so it is' },
    {
      kind: 'usage',
      text: 'a model',
      usage: { model: 'm', inputTokens: tokens, outputTokens: 0, microUsd: 700_000 },
    },
  ),
);

export const command: fc.Arbitrary<OutsideCommand> = fc.oneof(
  {
    weight: 10,
    arbitrary: record({
      type: fc.constant('call' as const),
      by,
      request: fc.oneof(
        { weight: 5, arbitrary: request },
        { weight: 1, arbitrary: read },
        { weight: 1, arbitrary: outside },
      ),
    }),
  },
  { weight: 2, arbitrary: record({ type: fc.constant('pause' as const), by }) },
  {
    weight: 2,
    arbitrary: record({ type: fc.constant('topUp' as const), by, microUsd: fc.constantFrom(1, 80_000, 5_000_000) }),
  },
  { weight: 4, arbitrary: record({ type: fc.constant('resume' as const), by, acceptChanges: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: record({
      type: fc.constant('rollback' as const),
      by,
      to: fc.constantFrom(null, 'start', 'a', 'b', 'c'),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      type: fc.constant('checkpoint' as const),
      by,
      name: fc.constantFrom('a', 'b', 'c', 'start', ''),
    }),
  },
  { weight: 3, arbitrary: record({ type: fc.constant('extend' as const), by, ms }) },
  { weight: 2, arbitrary: record({ type: fc.constantFrom('attach' as const, 'heartbeat' as const), by }) },
  { weight: 1, arbitrary: record({ type: fc.constant('saveState' as const), by, saved }) },
  { weight: 2, arbitrary: record({ type: fc.constant('record' as const), by, entry }) },
  { weight: 2, arbitrary: record({ type: fc.constantFrom('complete' as const, 'cancel' as const), by }) },
);
