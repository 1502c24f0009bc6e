import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptOutcome } from '../../../../protocol/calls/call.ts';
import { by, outcome, pick, record } from '../arbitraries.ts';
import { governanceOf, HOUR, specOf, textOf } from '../../world.ts';
import { type Life, type Step, step } from '../lives.ts';
import { Model } from '../model.ts';
import { decision, GUARDS } from './decisions.ts';

const of = <S extends Step>(...given: S[]): fc.Arbitrary<readonly Step[]> => fc.constant(given);
const one = (each: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> => each.map((taken) => [taken]);

const guarded = fc.constantFrom('irreversible', 'irreversible', 'compensable', 'idempotent', 'read-only');
const call = fc
  .tuple(by, fc.nat({ max: 12 }), guarded, fc.constantFrom({}, { n: 1 }))
  .map(([from, n, tool, args]): Step => {
    const request = { callId: `call-${n}`, server: 's', tool, args };
    return { do: 'command', command: { type: 'call', by: from, request } };
  });
const ends = fc
  .oneof(
    { weight: 3, arbitrary: fc.constant<AttemptOutcome>({ kind: 'succeeded', result: textOf('done') }) },
    {
      weight: 3,
      arbitrary: fc.constant<AttemptOutcome>({ kind: 'unknown', code: 'CONNECTION_LOST', message: 'gone' }),
    },
    { weight: 2, arbitrary: outcome },
  )
  .chain((each) => pick.map((which): Step => ({ do: 'attemptEnds', pick: which, outcome: each })));
/** A pause in which the tools or the rules change, and a resume that takes it. */
const change = fc
  .tuple(by, by, fc.constantFrom('same' as const, 'changed' as const, 'ruled' as const))
  .map(([pauses, resumes, how]): readonly Step[] => [
    { do: 'command', command: { type: 'pause', by: pauses } },
    { do: 'command', command: { type: 'resume', by: resumes, acceptChanges: true } },
    { do: 'opens', how },
  ]);
const goesOn: Step = { do: 'goesOn', as: 'retry' };

const steps = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: one(call) },
      { weight: 5, arbitrary: one(ends) },
      { weight: 6, arbitrary: of(goesOn) },
      { weight: 3, arbitrary: of(goesOn, goesOn, goesOn) },
      { weight: 6, arbitrary: one(decision) },
      { weight: 2, arbitrary: change },
      { weight: 1, arbitrary: of({ do: 'passes', ms: HOUR / 2 }) },
      { weight: 1, arbitrary: of({ do: 'grows', events: 1500 }) },
      { weight: 3, arbitrary: one(step) },
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((taken) => taken.flat());

const approving: fc.Arbitrary<Life> = record({
  steps,
  most: fc.constantFrom(10_000, 6),
  approvals: record({
    extend: fc.constantFrom(0, 2),
    rollback: fc.constantFrom(0, 1),
    resolve: fc.constantFrom(0, 0, 1),
    expires: fc.constant(HOUR),
  }),
}).map(({ steps: taken, most, approvals }) => ({
  spec: specOf({ keepOpen: true }),
  governance: governanceOf({ session: { maxCalls: most }, approvals }),
  guards: GUARDS,
  hasPrices: false,
  opens: 'same',
  holds: null,
  slots: 100,
  steps: taken,
}));

test('P3: nothing uses an approval twice, for anything else than was shown, or after its end', () => {
  const ended = new Set<string>();
  let uses = 0;
  fc.assert(
    fc.property(approving, (each) => {
      const { approved } = Model.live(each); // throws where a rule is broken
      uses += approved.uses;
      for (const end of approved.ends) ended.add(end);
    }),
    { numRuns: 250 },
  );
  // The lives are rich enough to say something.
  expect([...ended].sort()).toEqual(['approved', 'edited', 'expired', 'rejected', 'void', 'withdrawn']);
  expect(uses).toBeGreaterThan(100);
}, 400_000);
