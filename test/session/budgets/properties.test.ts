import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEnded } from '../../../session/lifecycle/states.ts';
import { viewOf } from '../../../session/pot/view.ts';
import { HOUR } from '../world.ts';
import { LIMIT, MOST, Street } from './street.ts';

const who = fc.nat({ max: 2 });
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('call' as const), who }) },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('ends' as const), who, ms: fc.option(fc.nat({ max: 60_000 })) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        who,
        how: fc.constantFrom(
          'answered' as const,
          'answered' as const,
          'answered' as const,
          'lost' as const,
          'unheard' as const,
        ),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('steer' as const),
        who,
        how: fc.constantFrom('pause' as const, 'resume' as const, 'resume' as const, 'complete' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('setLimit' as const), more: fc.nat({ max: LIMIT }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 8 * HOUR }) }) },
  ),
  { minLength: 30, maxLength: 150, size: 'max' },
);

type Step = (typeof steps)['generate'] extends (...args: never[]) => { readonly value: readonly (infer S)[] }
  ? S
  : never;

function take(street: Street, step: Step): void {
  switch (step.do) {
    case 'call':
      return street.call(step.who);
    case 'ends':
      return street.ends(step.who, step.ms);
    case 'answer':
      return street.answer(step.who, step.how);
    case 'steer':
      return street.steer(step.who, step.how);
    case 'repeat':
      return street.repeat(step.which);
    case 'kill':
      return street.kill(step.who);
    case 'restart':
      return street.restart();
    case 'setLimit':
      return street.setLimit(step.more);
    case 'pass':
      return street.pass(step.ms);
    default:
      step satisfies never;
  }
}

const RUNS = 250;

const slice = fc.constantFrom(10_000, MOST, 3 * MOST);

test('C1, C2: whatever is lost, said twice, or killed, sessions never spend more than the budget of a day', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(steps, slice, (all, size) => {
      const street = new Street(3, size);
      street.check();
      for (const each of all) {
        take(street, each);
        street.check();
        for (const world of street.worlds) if (world) seen.add(world.state.name);
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect([...seen].sort()).toEqual(['AUDIT', 'COMPLETED', 'PAUSED', 'RUNNING']);
}, 400_000);

test('C1, C2: when all have ended, only those that were killed have a lease, and no millionth is lost', () => {
  const calm = steps.map((all) => all.filter((each) => each.do !== 'pass'));
  fc.assert(
    fc.property(calm, slice, (all, size) => {
      const street = new Street(3, size);
      for (const each of all) {
        // A session that could not say what it used when it ended is as one that was killed.
        const isLast = each.do === 'answer' && street.asked[each.who]?.ends === true;
        take(street, isLast ? { ...each, how: 'answered' } : each);
      }
      street.close();
      street.check();
      const { leases, closed } = street.pot;
      for (const [index, world] of street.worlds.entries())
        if (world)
          assert.ok(isEnded(world.state) && !Object.hasOwn(leases, `s${index}`), 'a session gave nothing back');
      assert.equal(closed, street.costOf('day-0') - street.costOfKilled() + closedOfKilled(street));
      const { limit, spent, leased, free } = viewOf(street.pot);
      assert.equal(spent + leased + free, limit);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 400_000);

/** Of sessions that were killed after they had settled. */
const closedOfKilled = (street: Street): number =>
  [...street.worlds.entries()]
    .filter(([index, world]) => world === null && street.pot.ended.some(([id]) => id === `s${index}`))
    .reduce((sum, [index]) => sum + street.costOfSession(index), 0);
