import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../protocol/governance.ts';
import { moneyOf } from '../../../session/money/view.ts';
import { byOf, callOf, HOUR, lost, MINUTE, openedOf, type World } from '../world.ts';
import { after, priced, USD } from './priced.ts';

const DEAR = { 's.*': { call: USD } };
/** An hour of RUNNING costs 2 USD, of PAUSED one; an hour of a person 60. */
const LAYERS = { auditCost: USD, executionCost: USD, complianceCost: 0, personCost: 60 * USD };

const delaysIn = ({ session, now }: World) => moneyOf(session, now)!.delays!;
const none = { times: 0, ms: 0, waiting: 0, checks: 0, calls: 0, people: 0, modelled: 0 };

describe('C4: what delays cost', () => {
  test('a session that met none has none', () => {
    const world = priced(LAYERS);
    world.do(callOf('a')).ends('a', after(0)).later(HOUR);
    expect(delaysIn(world)).toEqual({ timeout: none, restart: none, rollback: none });
  });

  test('a timeout: the grace period at the running rates, and the time in which people decide', () => {
    const patch = { session: { timeout: HOUR, warning: MINUTE, gracePeriod: HOUR, autoResume: true } };
    const world = priced(LAYERS, {}, patch);
    world.later(HOUR).later(HOUR / 2);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'timeout' });
    expect(delaysIn(world).timeout).toMatchObject({ times: 1, ms: HOUR / 2, waiting: USD / 2, people: 30 * USD });
    world.do({ type: 'extend', ms: 2 * HOUR, by: byOf('the report is worth it') }).do(openedOf(patch));
    const { timeout } = delaysIn(world.later(HOUR));
    expect(timeout).toEqual({
      ...none,
      times: 1,
      ms: HOUR / 2,
      waiting: USD / 2,
      calls: 0,
      people: 30 * USD,
      modelled: 2 * USD,
    });
  });

  test('a restart: what the lost attempt may have cost, and the pause after it', () => {
    const world = priced(LAYERS, DEAR, { onRestart: { restore: false } });
    world.do(callOf('a', 'idempotent'));
    world.ends('a', lost());
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'restart' });
    world.later(HOUR);
    expect(delaysIn(world).restart).toMatchObject({ times: 1, ms: HOUR, waiting: USD, calls: USD, people: 60 * USD });
  });

  test('a review that a restart calls for: the compliance layer until a person has done it', () => {
    const world = priced({ ...LAYERS, complianceCost: USD }, {}, { reviews: { ...DEFAULTS.reviews, extra: 'person' } });
    world.do(callOf('a', 'idempotent')).ends('a', lost()).later(HOUR);
    const { restart } = delaysIn(world);
    expect(restart).toMatchObject({ times: 1, ms: 0, waiting: 0, checks: USD });
  });

  test('a rollback: the calls that are undone, and those that undo them', () => {
    const world = priced({ ...LAYERS, auditCost: 0, executionCost: 0 }, DEAR);
    world.do(callOf('a', 'compensable')).ends('a', {
      ...after(0),
      undo: { tool: 'idempotent', checked: false, call: { args: {} } },
    });
    world.do({ type: 'rollback', to: null, by: byOf('all wrong') }).ends('undo/1/1', after(0));
    expect(delaysIn(world).rollback).toMatchObject({ times: 1, calls: 2 * USD, people: 0, modelled: 0 });
  });

  test('the model adds its per cent of the rest for each delay', () => {
    const patch = { session: { timeout: HOUR, warning: MINUTE, gracePeriod: HOUR }, onRestart: { restore: true } };
    const model = { delayOnTimeout: 25, delayOnRestart: 100, delayOnRollback: 200 };
    const world = priced({ ...LAYERS, personCost: 0, ...model }, {}, patch);
    world.do({ type: 'checkpoint', name: 'begun', by: byOf() });
    world
      .do({ type: 'rollback', to: 'begun', by: byOf('all wrong') })
      .resume()
      .do(openedOf(patch));
    world.do(callOf('a', 'idempotent')).ends('a', lost());
    expect(delaysIn(world.later(HOUR))).toEqual({
      timeout: { ...none, times: 1, modelled: USD / 2 },
      restart: { ...none, times: 1, modelled: 2 * USD },
      rollback: { ...none, times: 1, modelled: 4 * USD },
    });
  });
});
