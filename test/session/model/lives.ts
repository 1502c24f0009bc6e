import fc from 'fast-check';
import type { AgentRecord, SavedState } from '../../../protocol/agent.ts';
import { type AttemptOutcome, EFFECTS, type Effect, type ReadMethod } from '../../../protocol/calls/call.ts';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import type { Fact } from '../../../session/facts.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Asks } from '../../../protocol/calls/asks.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import type { Governance } from '../../../protocol/governance.ts';
import type { PlanLeaf, PlanParallel, PlanStep, SessionSpec } from '../../../protocol/spec.ts';
import type { Undo } from '../../../protocol/calls/undo.ts';
import { governanceOf, HOUR, MINUTE, specOf, textOf } from '../world.ts';

/** What may happen next in a random life of a session. */
export type Step =
  | { readonly do: 'command'; readonly command: OutsideCommand }
  | { readonly do: 'attemptEnds'; readonly pick: number; readonly outcome: AttemptOutcome }
  | { readonly do: 'opens'; readonly how: 'same' | 'changed' | 'fails' }
  /** What is heard of the connection that holds the state of the server. */
  | {
      readonly do: 'lease';
      readonly what: 'lost' | 'gone' | 'busy' | 'released' | 'forged' | 'found';
      readonly pick: number;
    }
  | { readonly do: 'reopens'; readonly how: 'same' | 'changed' | 'fails' | 'stateless' }
  | { readonly do: 'resolves'; readonly pick: number; readonly as: 'succeeded' | 'failed' | 'retry' }
  | { readonly do: 'responds'; readonly pick: number; readonly with: JsonObject }
  | { readonly do: 'repeats'; readonly pick: number; readonly otherArgs: boolean }
  | { readonly do: 'learns'; readonly fact: Fact }
  /** Nothing came, and what is due is done. */
  | { readonly do: 'turns' }
  /** The history of the run has so many events. */
  | { readonly do: 'grows'; readonly events: number }
  /** Temporal's own cancel. */
  | { readonly do: 'cancels' }
  | { readonly do: 'passes'; readonly ms: number }
  | { readonly do: 'wakes' }
  /** What brings the session on from where it is. */
  | { readonly do: 'goesOn'; readonly as: 'succeeded' | 'failed' | 'retry' };

/** Objects as JSON makes them. */
const record = <T>(arbitraries: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(arbitraries, { noNullPrototype: true }) as fc.Arbitrary<T>;

const pick = fc.nat({ max: 20 });
const BIG = textOf('x'.repeat(60_000));

const worker = record({
  name: fc.constantFrom('w1', 'w2', 'constructor'),
  boot: fc.constantFrom('b1', 'b2', 'b3'),
  afterDrain: fc.boolean(),
});
const FORM = {
  key: 'k',
  message: 'sure?',
  schema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] },
};
const asks = fc.constantFrom<Asks>(
  { forms: [FORM], requestState: 'state' },
  { forms: [FORM], held: { worker: { name: 'w1', boot: 'b1' }, id: 'held' } },
  { forms: [], requestState: 'again' },
);
const codes: fc.Arbitrary<ErrorCode> = fc.constantFrom(
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
const undo: fc.Arbitrary<Undo> = fc.constantFrom<Undo>(
  { tool: 'idempotent', checked: true, call: { args: {} } },
  { tool: 'irreversible', checked: false, call: { args: { n: 1 } } },
  { tool: 'none', checked: false, call: { args: {} } },
  { impossible: 'nobody knows how' },
);
const outcome: fc.Arbitrary<AttemptOutcome> = fc
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
  )
  .map(([ends, who, chance]) => ({
    ...ends,
    ...(who ? { worker: who } : {}),
    ...(chance === 0 || ('code' in ends && ends.code === 'WORKER_LOST') ? { workerLost: true as const } : {}),
  }));

const by = record({ actor: fc.constantFrom('ann', 'bob'), reason: fc.constant('because'), commandId: fc.uuid() });
const effect = fc.constantFrom<Effect>(...EFFECTS);
const tool = fc.oneof(
  { weight: 12, arbitrary: effect as fc.Arbitrary<string> },
  { weight: 1, arbitrary: fc.constantFrom('none', 'constructor', '__proto__', '\ud800') },
);
const server = fc.oneof(
  { weight: 20, arbitrary: fc.constant('s') },
  { weight: 1, arbitrary: fc.constantFrom('none', 'constructor', '__proto__', 'toString') },
);
const args = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom({}, { n: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom({ n: Infinity }, { n: '\ud800' }, { n: 'y'.repeat(70_000) }) },
);
const request = record({
  callId: fc.oneof(
    { weight: 20, arbitrary: fc.nat({ max: 25 }).map((n) => `call-${n}`) },
    { weight: 1, arbitrary: fc.constantFrom('', 'has space', '__proto__') },
  ),
  server,
  tool,
  args,
});
const read = fc
  .tuple(request, fc.constantFrom<ReadMethod>('tools/list', 'resources/read'))
  .map(([call, method]) => ({ ...call, method }));
const outside = fc
  .tuple(request, fc.constantFrom(1, 2), fc.constantFrom(100_000, 20_000_000))
  .map(([call, n, bytes]) => ({
    ...call,
    args: {},
    argsRef: { sha256: String(n).repeat(64), bytes, preview: 'y'.repeat(1024) },
  }));
const ms = fc.constantFrom(1, 1000, 20_000, 10 * MINUTE, HOUR, 7 * HOUR);

const saved: fc.Arbitrary<SavedState> = fc.constantFrom(
  { value: { step: 1 } },
  { value: null },
  { value: 'x'.repeat(2000) },
  { ref: { sha256: 'a'.repeat(64), bytes: 5000, preview: 'p' } },
  { ref: { sha256: 'b'.repeat(64), bytes: 300_000, preview: 'p' } },
);
const entry: fc.Arbitrary<AgentRecord> = fc.constantFrom(1, 40_000, Number.MAX_SAFE_INTEGER).chain((tokens) =>
  fc.constantFrom<AgentRecord>(
    { kind: 'decision', text: 'so it is' },
    {
      kind: 'usage',
      text: 'a model',
      usage: { model: 'm', inputTokens: tokens, outputTokens: 0, microUsd: 700_000 },
    },
  ),
);

const command: fc.Arbitrary<OutsideCommand> = fc.oneof(
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

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: record({ do: fc.constant('command' as const), command }) },
  { weight: 12, arbitrary: record({ do: fc.constant('attemptEnds' as const), pick, outcome }) },
  {
    weight: 6,
    arbitrary: record({
      do: fc.constant('opens' as const),
      how: fc.constantFrom('same' as const, 'same' as const, 'same' as const, 'changed' as const, 'fails' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      do: fc.constant('resolves' as const),
      pick,
      as: fc.constantFrom('succeeded' as const, 'failed' as const, 'retry' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      do: fc.constant('responds' as const),
      pick,
      with: fc.constantFrom<JsonObject>({ sure: true }, { action: 'decline' }, {}),
    }),
  },
  { weight: 2, arbitrary: record({ do: fc.constant('repeats' as const), pick, otherArgs: fc.boolean() }) },
  { weight: 2, arbitrary: record({ do: fc.constant('turns' as const) }) },
  {
    weight: 3,
    arbitrary: record({ do: fc.constant('grows' as const), events: fc.constantFrom(500, 1500, 2500, 25_000) }),
  },
  { weight: 1, arbitrary: record({ do: fc.constant('cancels' as const) }) },
  {
    weight: 1,
    arbitrary: record({
      do: fc.constant('learns' as const),
      fact: fc.constantFrom<Fact>(
        { type: 'reset' },
        { type: 'recovered', from: 'run-1', actor: 'ann', reason: 'by mistake' },
      ),
    }),
  },
  { weight: 5, arbitrary: record({ do: fc.constant('passes' as const), ms }) },
  { weight: 3, arbitrary: record({ do: fc.constant('wakes' as const) }) },
  {
    weight: 12,
    arbitrary: record({
      do: fc.constant('goesOn' as const),
      as: fc.constantFrom('succeeded' as const, 'failed' as const, 'retry' as const),
    }),
  },
);

const leaseStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: record({
      do: fc.constant('lease' as const),
      what: fc.constantFrom(
        'lost' as const,
        'gone' as const,
        'busy' as const,
        'released' as const,
        'forged' as const,
        'found' as const,
      ),
      pick,
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      do: fc.constant('reopens' as const),
      how: fc.constantFrom(
        'same' as const,
        'same' as const,
        'changed' as const,
        'fails' as const,
        'stateless' as const,
      ),
    }),
  },
);

const governance: fc.Arbitrary<Governance> = record({
  session: record({
    timeout: fc.constantFrom(1000, 5 * HOUR, 30 * HOUR, 300 * HOUR),
    gracePeriod: fc.constantFrom(0, 30 * MINUTE),
    warning: fc.constantFrom(1, 10 * MINUTE),
    maxExtension: fc.constantFrom(0, 2 * HOUR, 24 * HOUR),
    idleTimeout: fc.constantFrom(null, null, null, 5 * MINUTE),
    pausedTimeCounts: fc.boolean(),
    autoResume: fc.boolean(),
    complianceCheck: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 3 }),
    maxCalls: fc.constantFrom(10_000, 10_000, 10_000, 5),
    maxBytes: fc.constantFrom(null, null, 200_000),
    maxIdentical: fc.constantFrom(20, 20, 2),
    agentHeartbeat: fc.constantFrom(null, null, 5 * MINUTE),
    whilePaused: fc.constantFrom('wait' as const, 'refuse' as const),
    onPause: fc.constantFrom('drain' as const, 'cancel' as const),
  }),
  onTimeout: record({
    pause: fc.constantFrom(true, true, false),
    audit: fc.boolean(),
    notify: fc.boolean(),
    rollback: fc.constantFrom(false, false, false, true),
  }),
  onRestart: record({ restore: fc.boolean(), audit: fc.boolean(), notify: fc.boolean(), compliance: fc.boolean() }),
  cost: record({ budgetLimit: fc.constantFrom(null, null, 1_000_000) }),
}).map(governanceOf);

const leaf: fc.Arbitrary<PlanLeaf> = fc.oneof(
  record({ wait: fc.constantFrom(0, 1000, 10 * MINUTE) }),
  record({
    call: tool.map((name) => `s.${name}`),
    onError: fc.constantFrom(
      'fail' as const,
      'continue' as const,
      'continue' as const,
      'pause' as const,
      'rollback' as const,
    ),
    ref: fc.boolean(),
    named: fc.boolean(),
  }).map(({ call, onError, ref, named }) => ({
    call,
    onError,
    args: ref ? { text: '${first.content.0.text}' } : {},
    ...(named ? { as: 'NAME' } : {}),
  })),
);
const plan: fc.Arbitrary<readonly PlanStep[]> = fc
  .tuple(
    fc.array(fc.oneof(leaf, record({ parallel: fc.array(leaf, { minLength: 1, maxLength: 4 }) })), { maxLength: 4 }),
    fc.array(
      fc.constantFrom<PlanStep>({ checkpoint: 'a' }, { checkpoint: 'p' }, { rollback: 'p' }, { rollback: 'start' }),
      { maxLength: 2 },
    ),
  )
  .map(([steps, points]) => [
    { call: 's.idempotent', as: 'first', onError: 'continue' as const },
    ...named(steps),
    ...points,
  ]);

/** Names are used once, as the reader of specs sees to. */
function named(steps: readonly (PlanLeaf | PlanParallel)[]): readonly PlanStep[] {
  let count = 0;
  const name = (each: PlanLeaf): PlanLeaf => ('as' in each ? { ...each, as: `n${(count += 1)}` } : each);
  return steps.map((each) => ('parallel' in each ? { parallel: each.parallel.map(name) } : name(each)));
}

const spec: fc.Arbitrary<SessionSpec> = record({
  plan: fc.option(plan, { nil: undefined }),
  keepOpen: fc.boolean(),
}).map(({ plan: steps, keepOpen }) => specOf({ keepOpen, ...(steps ? { plan: steps } : {}) }));

export const life = record({
  spec,
  governance,
  opens: fc.constantFrom('same' as const, 'same' as const, 'same' as const, 'later' as const),
  holds: fc.constantFrom(null, 'reopen' as const, 'pause' as const),
  slots: fc.constantFrom(1, 100),
  steps: fc.array(fc.oneof({ weight: 6, arbitrary: step }, { weight: 1, arbitrary: leaseStep }), {
    maxLength: 70,
    size: 'max',
  }),
});
export type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;
