import fc from 'fast-check';
import { type AttemptOutcome } from '../../../protocol/calls/call.ts';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import type { Fact } from '../../../session/facts.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import type { Governance } from '../../../protocol/governance.ts';
import type { PlanLeaf, PlanParallel, PlanStep, SessionSpec } from '../../../protocol/spec.ts';
import { governanceOf, HOUR, MINUTE, specOf } from '../world.ts';
import { decision, type Decides, GUARDS } from './approvals/decisions.ts';
import { reviewing, reviews, type Reviews } from './reviews/arbitraries.ts';
import { record, pick, outcome, tool, ms, command } from './arbitraries.ts';

/** What may happen next in a random life of a session. */
export type Step =
  | { readonly do: 'command'; readonly command: OutsideCommand }
  | { readonly do: 'attemptEnds'; readonly pick: number; readonly outcome: AttemptOutcome }
  /** `ruled`: the servers are as they were, and the rules are others. */
  | { readonly do: 'opens'; readonly how: 'same' | 'changed' | 'ruled' | 'fails' }
  | Decides
  | Reviews
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

const opening: readonly Extract<Step, { do: 'opens' }>['how'][] = 'same same same same changed ruled fails'.split(
  ' ',
) as never;

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: decision },
  { weight: 2, arbitrary: reviewing },
  { weight: 10, arbitrary: record({ do: fc.constant('command' as const), command }) },
  { weight: 12, arbitrary: record({ do: fc.constant('attemptEnds' as const), pick, outcome }) },
  {
    weight: 6,
    arbitrary: record({
      do: fc.constant('opens' as const),
      how: fc.constantFrom(...opening),
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

export const governance: fc.Arbitrary<Governance> = record({
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
  cost: record({
    budgetLimit: fc.constantFrom(null, null, 0, 300_000, 1_000_000, 20_000_000),
    auditCost: fc.constantFrom(0, 500_000, 7),
    executionCost: fc.constantFrom(0, 1_000_000),
    complianceCost: fc.constantFrom(0, 2_000_000),
    costAlert: fc.constantFrom(false, true, [10, 200]),
    autoScale: fc.boolean(),
  }),
  onCostAlert: record({
    scaleDown: fc.boolean(),
    audit: fc.boolean(),
    notify: fc.boolean(),
    pause: fc.constantFrom(false, false, true),
  }),
  reviews,
  incidents: record({ denials: fc.constantFrom(null, 1, 2) }),
  onIncident: record({ audit: fc.boolean(), notify: fc.boolean(), pause: fc.constantFrom(false, false, true) }),
  scan: record({ secrets: fc.constantFrom('off' as const, 'redact' as const) }),
  approvals: record({
    extend: fc.constantFrom(0, 0, 1, 2),
    rollback: fc.constantFrom(0, 0, 0, 1),
    resolve: fc.constantFrom(0, 0, 0, 1),
    expires: fc.constantFrom(20_000, 24 * HOUR),
  }),
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
  guards: fc.constantFrom(null, null, GUARDS),
  hasPrices: fc.boolean(),
  opens: fc.constantFrom('same' as const, 'same' as const, 'same' as const, 'later' as const),
  holds: fc.constantFrom(null, 'reopen' as const, 'pause' as const),
  slots: fc.constantFrom(1, 100),
  steps: fc.array(fc.oneof({ weight: 6, arbitrary: step }, { weight: 1, arbitrary: leaseStep }), {
    maxLength: 70,
    size: 'max',
  }),
});
export type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;
