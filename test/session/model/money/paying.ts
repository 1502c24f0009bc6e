import fc from 'fast-check';
import type { AttemptOutcome } from '../../../../protocol/calls/call.ts';
import type { Undo } from '../../../../protocol/calls/undo.ts';
import { byOf, callOf, governanceOf, HOUR, specOf, textOf } from '../../world.ts';
import { pick, record } from '../arbitraries.ts';
import { type Life, type Step, step } from '../lives.ts';

/** Lives in which much is paid: nothing but the prices is special to them. */

let calls = 0;
const tools = fc.constantFrom('compensable', 'compensable', 'irreversible', 'idempotent');
const call = tools.map((tool): Step => ({ do: 'command', command: callOf(`m${(calls += 1)}`, tool, { n: calls }) }));

const UNDO: Undo = { tool: 'idempotent', checked: false, call: { args: {} } };
const took = fc.constantFrom(0, 1500, 70_000);
const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  took.map((ms): AttemptOutcome => ({ kind: 'succeeded', result: textOf('done'), undo: UNDO, ms })),
  fc.constant<AttemptOutcome>({ kind: 'unknown', code: 'CONNECTION_LOST', message: 'no answer' }),
  took.map((ms): AttemptOutcome => ({ kind: 'failed', code: 'SERVER_REFUSED', message: 'no', ms })),
  fc.constant<AttemptOutcome>({ kind: 'denied', code: 'POLICY_DENIED', message: 'no' }),
);
const ends = fc.tuple(pick, outcome).map(([which, each]): Step => ({ do: 'attemptEnds', pick: which, outcome: each }));
const resolves = fc
  .tuple(pick, fc.constantFrom('succeeded' as const, 'failed' as const, 'retry' as const))
  .map(([which, as]): Step => ({ do: 'resolves', pick: which, as }));
const topUp = fc
  .constantFrom(1, 90_000, 2_000_000)
  .map((microUsd): Step => ({ do: 'command', command: { type: 'topUp', by: byOf(), microUsd } }));
const undoes = fc
  .constantFrom('a', null)
  .map((to): Step => ({ do: 'command', command: { type: 'rollback', by: byOf(), to } }));
const point = fc.constant<Step>({ do: 'command', command: { type: 'checkpoint', by: byOf(), name: 'a' } });
const goesOn = fc.constantFrom('succeeded' as const, 'failed' as const).map((as): Step => ({ do: 'goesOn', as }));

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: call },
    { weight: 8, arbitrary: ends },
    { weight: 3, arbitrary: resolves },
    { weight: 2, arbitrary: topUp },
    { weight: 1, arbitrary: undoes },
    { weight: 1, arbitrary: point },
    { weight: 6, arbitrary: goesOn },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'passes', ms: HOUR / 2 }) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'grows', events: 1500 }) },
    { weight: 1, arbitrary: step },
  ),
  { maxLength: 60, size: 'max' },
);

export const paying: fc.Arbitrary<Life> = record({
  steps,
  limit: fc.constantFrom(400_000, 2_000_000, 20_000_000),
  alerts: fc.constantFrom(true, [10, 200]),
  autoScale: fc.boolean(),
  scaleDown: fc.boolean(),
}).map(({ steps: taken, limit, alerts, autoScale, scaleDown }) => ({
  spec: specOf({ keepOpen: true }),
  governance: governanceOf({
    session: { autoResume: true },
    cost: { budgetLimit: limit, costAlert: alerts, autoScale, auditCost: 10_000 },
    onCostAlert: { scaleDown },
  }),
  guards: null,
  hasPrices: true,
  opens: 'same',
  holds: null,
  slots: 100,
  steps: taken,
}));
