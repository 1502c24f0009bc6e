import { describe, expect, test } from 'vitest';
import { byOf, callOf, HOUR } from '../world.ts';
import { accountIn, after, balanceIn, priced, USD } from './priced.ts';

const topUp = (microUsd: number) => ({ type: 'topUp', by: byOf('worth it', 'bob'), microUsd }) as const;

describe('C2: a call that cannot be afforded never starts', () => {
  test('the session pauses, and says what is missing', () => {
    const world = priced({ budgetLimit: USD / 4 }).do(callOf('a'));
    expect(world.of('attemptStarted')).toEqual([]);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget', by: 'custody' });
    expect('reason' in world.state && world.state.reason).toBe(
      'BUDGET_EXCEEDED: s.irreversible (a) may cost up to 0.5 USD; of the budget of 0.25 USD are 0.25 USD free: ' +
        '0.25 USD are missing.',
    );
    expect(accountIn(world).short).toEqual({ callId: 'a', missing: 250_000 });
    expect(world.open('a')).toMatchObject({ phase: 'queued', attempts: 0 });
  });

  test('parallel calls share the budget: one that could be paid later waits for those under way', () => {
    const world = priced({ budgetLimit: USD - 1 })
      .do(callOf('a'))
      .do(callOf('b'));
    expect([world.open('a')?.phase, world.open('b')?.phase]).toEqual(['running', 'queued']);
    expect(world.state.name).toBe('RUNNING');
    world.ends('a', after(0));
    expect(world.open('b')?.phase).toBe('running');
  });

  test('and does not overtake: a cheap one behind a dear one waits, too', () => {
    const world = priced(
      { budgetLimit: 0.7 * USD },
      { 's.irreversible': { call: USD / 2 }, 's.idempotent': { call: 1 } },
    );
    world.do(callOf('a')).do(callOf('b')).do(callOf('c', 'idempotent'));
    expect([world.open('a')?.phase, world.open('b')?.phase, world.open('c')?.phase]).toEqual([
      'running',
      'queued',
      'queued',
    ]);
  });

  test('a top-up brings it back by itself, where the profile says so, and the call runs', () => {
    const world = priced({ budgetLimit: USD / 4 }, undefined, { session: { autoResume: true } }).do(callOf('a'));
    world.do(topUp(USD / 4 - 2));
    expect(world.state.name).toBe('PAUSED');
    expect(accountIn(world).short).toEqual({ callId: 'a', missing: 2 });
    world.do(topUp(2));
    expect(world.state.name).toBe('RESUMING');
    expect(balanceIn(world)).toMatchObject({ limit: USD / 2 });
    expect(world.of('toppedUp').map(({ limit }) => limit)).toEqual([USD / 2 - 2, USD / 2]);
  });

  test('else a person resumes it', () => {
    const world = priced({ budgetLimit: USD / 4 })
      .do(callOf('a'))
      .do(topUp(USD));
    expect(world.state.name).toBe('PAUSED');
    expect(world.resume().state.name).toBe('RESUMING');
  });

  test("an operator's pause over it stays one through a top-up", () => {
    const world = priced({ budgetLimit: USD / 4 }, undefined, { session: { autoResume: true } }).do(callOf('a'));
    world.pause('stop').do(topUp(USD));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'operator' });
  });

  test('without a limit nothing is topped up, and nothing waits', () => {
    const world = priced({}).do(callOf('a'));
    expect(world.open('a')?.phase).toBe('running');
    expect(world.refuse(topUp(1))).toBe('NO_BUDGET');
  });
});

describe('C3: a budget that is spent', () => {
  test('by the layers alone pauses the session when it is, not before', () => {
    const world = priced({ budgetLimit: USD, auditCost: USD / 2 });
    world.later(2 * HOUR);
    expect(world.state.name).toBe('RUNNING');
    world.later(8);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
    expect(balanceIn(world)).toMatchObject({ limit: USD, spent: USD, free: 0, overrun: 1 });
  });

  test('is looked for by a timer, more and more often as it comes near', () => {
    const world = priced({ budgetLimit: USD, auditCost: USD / 2 });
    const wakes = () => world.effects.flatMap((each) => (each.type === 'wake' ? [each] : []));
    const end = world.now + 2 * HOUR + 8;
    let rings = 0;
    for (; world.state.name === 'RUNNING' && rings < 100; rings += 1) {
      const { at } = wakes().at(-1)!;
      expect(at).toBeGreaterThan(world.now);
      expect(at).toBeLessThanOrEqual(end);
      world.now = at;
      world.take({ type: 'timerFired' });
      world.work();
    }
    expect(world.now).toBe(end);
    expect(rings).toBeLessThan(12);
  });

  test('a call that costs something sets no timer anew', () => {
    const world = priced({ budgetLimit: 10 * USD, auditCost: USD / 2, costAlert: true });
    const before = world.effects.filter(({ type }) => type === 'wake').length;
    for (let n = 0; n < 5; n += 1) world.do(callOf(`a${n}`)).ends(`a${n}`, after(100));
    expect(world.effects.filter(({ type }) => type === 'wake')).toHaveLength(before);
  });
});
