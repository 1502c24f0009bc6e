import { describe, expect, test } from 'vitest';
import type { Draw } from '../../../protocol/money/budgets.ts';
import { forkOf } from '../../../session/lifecycle/fork.ts';
import { isSettled } from '../../../session/budgets/settled.ts';
import { mayLeave } from '../../../session/turn.ts';
import { after, FREE } from '../money/priced.ts';
import { byOf, callOf, MINUTE, openedOf, type Patch, World } from '../world.ts';

/** A call costs 0.1 USD, and no more. */
const CALL = 100_000;
const SLICE = 4 * CALL;

function sharing(cost: Patch['cost'] = FREE): World {
  const money = { hash: 'book', calls: { 's.*': { call: CALL } }, models: {} };
  const opened = openedOf({ cost: { ...cost } });
  return new World().do({ ...opened, money, budgets: [{ id: 'team', slice: SLICE }] } as typeof opened);
}

const draws = ({ effects }: World): Draw[] => effects.flatMap((each) => (each.type === 'draw' ? [each.draw] : []));
const asked = (world: World): Draw => draws(world).at(-1)!;

/** The budget answers what it was asked last: it has so much beyond what was used. */
function answer(world: World, free = Infinity): World {
  const { n, used, want, least } = asked(world);
  const ok = free >= least;
  const granted = used + Math.min(want, ok ? free : 0);
  return world.do({
    type: 'drawn',
    budget: 'team',
    answer: { n, ok, granted, until: null, free: Math.min(free, 10 ** 9), limit: 10 ** 9 },
  });
}

let calls = 0;
const call = (world: World): World => world.do(callOf(`c${(calls += 1)}`, 'irreversible', { calls }));
const running = (world: World): string[] =>
  world.session.open.filter(({ phase }) => phase === 'running').map(({ callId }) => callId);
const ends = (world: World): World => world.ends(running(world)[0]!, after(0));

describe('C2: slices of a shared budget', () => {
  test('a call waits for the first; the next is asked for when less than half of one is left', () => {
    const world = call(sharing());
    expect(running(world)).toEqual([]);
    expect(draws(world)).toEqual([{ n: 1, used: 0, before: 0, want: CALL + SLICE, least: CALL, ends: false }]);
    answer(world);
    expect(running(world)).toHaveLength(1);
    for (let n = 0; n < 2; n += 1) call(ends(world));
    expect(draws(world)).toHaveLength(1);
    call(ends(world));
    expect(asked(world)).toEqual({ n: 2, used: 4 * CALL, before: 0, want: SLICE, least: 0, ends: false });
    // Nothing waits for it.
    expect(running(world)).toHaveLength(1);
  });

  test('a session that costs nothing asks for nothing, and has nothing to say when it ends', () => {
    const world = sharing();
    world.later(60 * MINUTE);
    expect(draws(world)).toEqual([]);
  });

  test('one that is paused for five minutes gives back what it has not used', () => {
    const world = answer(call(sharing()));
    ends(world).pause();
    expect(draws(world)).toHaveLength(1);
    world.later(5 * MINUTE);
    expect(asked(world)).toMatchObject({ n: 2, used: CALL, want: 0 });
    answer(world);
    expect(world.session.budgets[0]).toMatchObject({ granted: CALL, asking: null });
    world.later(60 * MINUTE);
    expect(draws(world)).toHaveLength(2);
    world.resume();
    world.do(openedOf({ cost: FREE }));
    expect(running(call(world))).toEqual([]);
    expect(asked(world)).toMatchObject({ n: 3, used: CALL, want: SLICE });
    expect(running(answer(world))).toHaveLength(1);
  });

  test('what layers cost is asked for as it accrues, and stops the session where it is not granted', () => {
    const world = sharing({ ...FREE, executionCost: 60 * CALL });
    world.later(MINUTE);
    expect(asked(world)).toMatchObject({ n: 1, used: CALL, want: SLICE, least: 1 });
    answer(world, CALL);
    expect(world.state.name).toBe('RUNNING');
    world.later(2 * MINUTE);
    expect(asked(world)).toMatchObject({ n: 2, used: 3 * CALL, least: 1 });
    answer(world, 0).later(1000);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
  });

  test('without an answer it stops, and says that the budget cannot be asked; a resume asks again', () => {
    const world = call(sharing());
    const refusal = { code: 'INTERNAL_ERROR', message: 'nobody is there' } as const;
    world.do({ type: 'drawFailed', budget: 'team', n: 1, refusal });
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
    expect(world.state).toHaveProperty('reason', expect.stringContaining('BUDGET_UNAVAILABLE'));
    answer(world);
    world.resume();
    world.do(openedOf({ cost: FREE }));
    expect(running(answer(world))).toHaveLength(1);
  });

  test('a session ends once it has said what it used; where nobody hears that for long, with a record', () => {
    const world = answer(call(sharing()));
    ends(world).do({ type: 'complete', by: byOf() });
    expect(world.state.name).toBe('COMPLETED');
    expect(asked(world)).toEqual({ n: 2, used: CALL, before: 0, want: 0, least: 0, ends: true });
    expect([isSettled(world.session), mayLeave(world.run)]).toEqual([false, false]);
    const refusal = { code: 'INTERNAL_ERROR', message: 'nobody is there' } as const;
    world.do({ type: 'drawFailed', budget: 'team', n: 2, refusal });
    expect(isSettled(world.session)).toBe(true);
    expect(world.of('noted').at(-1)?.text).toContain("budget 'team' was not told that the session used 0.1 USD");
  });

  test('a fork draws on a lease of its own', () => {
    const world = answer(call(sharing()));
    ends(world).do({ type: 'checkpoint', by: byOf(), name: 'here' });
    const forked = forkOf(world.session, 'fork', { at: 'here', by: { actor: 'ann', reason: 'x' } }, world.now);
    expect(forked.ok && forked.session.budgets).toMatchObject([{ id: 'team', n: 0, granted: 0, asking: null }]);
  });
});
