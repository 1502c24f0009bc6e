import { describe, expect, test } from 'vitest';
import { byOf, callOf, type World } from '../world.ts';
import { shareOf } from '../../../session/money/alerts.ts';
import { accountIn, after, priced, USD } from './priced.ts';

const DEAR = { 's.*': { call: USD } };

const spend = (world: World, times: number, from = 0): World => {
  for (let n = from; n < from + times; n += 1) world.do(callOf(`a${n}`)).ends(`a${n}`, after(0));
  return world;
};
const kindsOf = ({ effects }: World): readonly string[] =>
  effects.flatMap((each) => (each.type === 'write' ? each.records.map(({ kind }) => kind) : []));

describe('C3: costAlert', () => {
  test('at 50, 80 and 100 % of the budget, each once, on record and as a notice', () => {
    const world = spend(priced({ budgetLimit: 10 * USD, costAlert: true }, DEAR), 4);
    expect(world.of('costAlerted')).toEqual([]);
    spend(world, 6, 4);
    expect(world.of('costAlerted').map(({ percent }) => percent)).toEqual([50, 80, 100]);
    expect(kindsOf(world).filter((kind) => kind === 'cost-alert')).toHaveLength(3);
    expect(kindsOf(world).filter((kind) => kind === 'notify')).toHaveLength(3);
    expect(world.of('costAlerted')[0]?.text).toBe('5 USD are spent, 50 % or more of the budget of 10 USD');
  });

  test('at shares that the profile names', () => {
    const world = spend(priced({ budgetLimit: 10 * USD, costAlert: [10, 25, 30] }, DEAR), 3);
    expect(world.of('costAlerted').map(({ percent }) => percent)).toEqual([10, 25, 30]);
  });

  test('onCostAlert says what comes of it: nothing on record, no notice, a pause', () => {
    const onCostAlert = { audit: false, notify: false, pause: true, scaleDown: false };
    const world = spend(priced({ budgetLimit: 2 * USD, costAlert: true }, DEAR, { onCostAlert }), 1);
    expect(kindsOf(world)).not.toContain('cost-alert');
    expect(kindsOf(world)).not.toContain('notify');
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget', reason: expect.stringContaining('50 %') });
  });

  test('scaleDown halves the calls at once with each alert; autoScale raises them again after a top-up', () => {
    for (const autoScale of [true, false]) {
      const cost = { budgetLimit: 10 * USD, costAlert: true, autoScale };
      const world = priced(cost, { 's.irreversible': { call: USD } }, { onCostAlert: { scaleDown: true } });
      spend(world, 8);
      for (let n = 0; n < 5; n += 1) world.do(callOf(`b${n}`, 'idempotent'));
      expect(world.session.open.filter(({ phase }) => phase === 'running')).toHaveLength(1);
      world.do({ type: 'topUp', by: byOf('more', 'bob'), microUsd: 90 * USD });
      expect(world.session.open.filter(({ phase }) => phase === 'running')).toHaveLength(autoScale ? 4 : 1);
      expect(accountIn(world)).toMatchObject({ alerted: 0, halved: autoScale ? 0 : 2 });
    }
  });

  test('what a top-up puts off is told again when it comes', () => {
    const world = spend(priced({ budgetLimit: 10 * USD, costAlert: true }, DEAR), 5);
    world.do({ type: 'topUp', by: byOf('more', 'bob'), microUsd: 2 * USD });
    spend(world, 1, 5);
    expect(world.of('costAlerted').map(({ percent }) => percent)).toEqual([50, 50]);
  });
});

test('C1: a share of the limit is exact, also of the largest', () => {
  expect(shareOf(10 ** 15, 80)).toBe(8 * 10 ** 14);
  expect(shareOf(101, 50)).toBe(51);
  expect(shareOf(0, 50)).toBe(0);
});
