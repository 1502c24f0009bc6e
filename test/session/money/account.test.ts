import { describe, expect, test } from 'vitest';
import { byOf, callOf, HOUR, lost, MINUTE, notSent, unknown, World } from '../world.ts';
import { accountIn, after, balanceIn, HALF, priced, USD } from './priced.ts';

/** Of a call that takes no time. */
const CALL = 20_000;

describe('C2: the most that a call may cost is reserved as it starts', () => {
  test('and settled by what it used: its price, its time, its bytes', () => {
    const world = priced({ budgetLimit: 10 * USD }).do(callOf('a'));
    expect(world.session.open[0]).toMatchObject({ phase: 'running', reserved: { call: USD / 2, undo: 0 } });
    expect(balanceIn(world)).toMatchObject({ spent: 0, reserved: USD / 2, free: 9.5 * USD, overrun: 0 });
    world.ends('a', after(1500));
    expect(balanceIn(world)).toMatchObject({ spent: 32_000, reserved: 0, free: 9_968_000 });
  });

  test('in the same step in which it is dispatched, and stands in its intent', () => {
    const world = priced({ budgetLimit: 10 * USD }).do(callOf('a'));
    expect(world.effects.findLast(({ type }) => type === 'attempt')).toMatchObject({
      intent: { callId: 'a', reserved: USD / 2 },
    });
  });

  test.each([
    ['was not sent', notSent('ARGUMENTS_INVALID'), 0],
    ['was denied', { kind: 'denied', code: 'POLICY_DENIED', message: 'no' } as const, 0],
    ['has an end that nobody measured', { kind: 'failed', code: 'SERVER_REFUSED', message: 'no' } as const, USD / 2],
  ])('one that %s costs what it must', (_, outcome, spent) => {
    const world = priced({ budgetLimit: 10 * USD })
      .do(callOf('a'))
      .ends('a', outcome);
    expect(balanceIn(world)).toMatchObject({ spent, reserved: 0 });
  });

  test('a call in doubt keeps its reservation until a person says what became of it', () => {
    for (const [as, spent] of [
      ['succeeded', USD / 2],
      ['failed', 0],
    ] as const) {
      const world = priced({ budgetLimit: 10 * USD })
        .do(callOf('a'))
        .ends('a', unknown());
      expect(balanceIn(world)).toMatchObject({ spent: 0, reserved: USD / 2 });
      world.do({ type: 'resolve', by: byOf('looked'), callId: 'a', as });
      expect(balanceIn(world)).toMatchObject({ spent, reserved: 0 });
    }
  });

  test('one that is to be sent again, though it may have been, is paid twice', () => {
    const world = priced({ budgetLimit: 10 * USD })
      .do(callOf('a', 'idempotent'))
      .ends('a', lost());
    expect(balanceIn(world)).toMatchObject({ spent: USD / 2, reserved: USD / 2 });
    world.ends('a', after(0));
    expect(balanceIn(world)).toMatchObject({ spent: USD / 2 + CALL, reserved: 0 });
  });

  test('what it costs more than that is spent, told and on record as an overrun', () => {
    const world = priced({ budgetLimit: 10 * USD })
      .do(callOf('a'))
      .ends('a', after(2 * MINUTE));
    expect(accountIn(world).excess).toBe(480_000);
    expect(world.of('charged')).toMatchObject([{ callId: 'a', excess: accountIn(world).excess }]);
    expect(world.effects.flatMap((each) => (each.type === 'write' ? each.records : []))).toContainEqual(
      expect.objectContaining({ layer: 'compliance', kind: 'overrun' }),
    );
  });

  test('a call without a price reserves nothing, and leaves its history as it was', () => {
    const world = priced({ budgetLimit: 1 }, { 'other.*': { call: USD } }).do(callOf('a'));
    expect(world.session.open[0]?.reserved).toBeUndefined();
    world.ends('a', after(5));
    expect(world.of('charged')).toEqual([]);
  });
});

describe('C2: undoing has money of its own', () => {
  const compensated = { undo: { tool: 'idempotent', checked: false, call: { args: {} } } };

  test('which is kept once the call has an effect, until that is undone', () => {
    const world = priced({ budgetLimit: 10 * USD }).do(callOf('a', 'compensable'));
    expect(world.session.open[0]?.reserved).toEqual({ call: USD / 2, undo: USD / 2 });
    world.ends('a', { ...after(0), ...compensated });
    expect(balanceIn(world)).toMatchObject({ spent: CALL, reserved: USD / 2 });
    world.do({ type: 'rollback', by: byOf(), to: null });
    world.ends('undo/1/1', after(0));
    expect(balanceIn(world)).toMatchObject({ spent: 2 * CALL, reserved: 0 });
  });

  test('so that a rollback begins even where nothing is free', () => {
    const world = priced({ budgetLimit: USD }).do(callOf('a', 'compensable'));
    world.ends('a', { ...after(0), ...compensated });
    world.do({ type: 'record', by: byOf('bill', 'agent'), entry: usage(5 * USD) });
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
    world.do({ type: 'rollback', by: byOf(), to: null });
    expect(world.open('undo/1/1')).toMatchObject({ phase: 'running' });
  });

  test('and is free again where the call failed', () => {
    const world = priced({ budgetLimit: 10 * USD }).do(callOf('a', 'compensable'));
    world.ends('a', { kind: 'failed', code: 'SERVER_REFUSED', message: 'no', ms: 0 });
    expect(balanceIn(world)).toMatchObject({ spent: CALL, reserved: 0 });
  });
});

const usage = (microUsd: number, model = 'big', inputTokens = 0, outputTokens = 0) =>
  ({ kind: 'usage', text: 'model', usage: { model, inputTokens, outputTokens, microUsd } }) as const;

describe('C1: what a session costs', () => {
  test('what agents record counts as they say, or by the price of the tokens', () => {
    const world = priced({ budgetLimit: 10 * USD });
    world.do({ type: 'record', by: byOf('x', 'agent'), entry: usage(3) });
    world.do({ type: 'record', by: byOf('y', 'agent'), entry: usage(0, 'small', 1_000_000, 250_001) });
    world.do({ type: 'record', by: byOf('z', 'agent'), entry: usage(0, 'unknown', 1_000_000, 250_000) });
    expect(accountIn(world).recorded).toBe(3 + USD + USD + 4);
  });

  test('each layer costs by the hour, in the states in which it is at work', () => {
    const world = priced({ auditCost: USD / 2, executionCost: USD, complianceCost: 2 * USD }).later(HOUR);
    expect(balanceIn(world)).toMatchObject({ limit: null, spent: 1.5 * USD, free: null });
    world.pause().later(2 * HOUR);
    expect(balanceIn(world).spent).toBe(2.5 * USD);
    world.do({ type: 'cancel', by: byOf('enough') }).later(HOUR);
    expect(world.state.name).toBe('FAILED');
    expect(balanceIn(world).spent).toBe(2.5 * USD);
    expect(accountIn(world).worked).toEqual({ session: 3 * HOUR, execution: HOUR, compliance: 0 });
  });

  test('nothing is lost to rounding: a year of milliseconds adds up', () => {
    const world = priced({ auditCost: 1 });
    for (let hour = 0; hour < 5; hour += 1)
      world
        .pause()
        .later(HOUR / 2)
        .resume()
        .later(HOUR / 2);
    expect(balanceIn(world).spent).toBe(5);
  });

  test('prices are pinned: another book that comes with a resume changes nothing', () => {
    const world = priced({ budgetLimit: 10 * USD });
    const book = accountIn(world).book;
    world.pause().resume();
    expect(accountIn(world).book).toBe(book);
    expect(new World().session.account).toBeNull();
    expect(HALF['s.*']?.call).toBe(CALL);
  });
});
