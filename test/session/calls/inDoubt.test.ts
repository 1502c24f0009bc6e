import { describe, expect, test } from 'vitest';
import { began, fate } from '../observed.ts';
import { byOf, callOf, HOUR, lost, openedOf, succeeded, unknown, World } from '../world.ts';

describe('E3: a call in doubt', () => {
  const doubtful = (): World => began('irreversible').ends('a', unknown());

  test('is not sent again, whatever time passes and whoever asks', () => {
    const world = doubtful().later(5 * HOUR);
    world.do(callOf('a')).later(HOUR);
    expect(world.of('attemptStarted')).toHaveLength(1);
    expect(fate(world)).toBe('in_doubt');
  });

  test.each(['succeeded', 'failed'] as const)(
    'ends as %s by the word of a person, which stands in its answer',
    (as) => {
      const world = doubtful().do({ type: 'resolve', by: byOf('saw the invoice', 'bob'), callId: 'a', as });
      expect(world.ended('a')?.answer).toMatchObject({
        outcome: as,
        attempts: 1,
        resolved: { actor: 'bob', reason: 'saw the invoice' },
      });
    },
  );

  test('is sent again by `retry`, as attempt 2', () => {
    const world = doubtful().do({ type: 'resolve', by: byOf(), callId: 'a', as: 'retry' });
    expect(world.of('attemptStarted').at(-1)).toMatchObject({ callId: 'a', attempt: 2 });
  });

  test('can be retried where a check before going on waits for it', () => {
    const world = began('irreversible').ends('a', lost()).pause().resume().do(openedOf());
    expect(world.state).toEqual({ name: 'AUDIT', then: { name: 'RUNNING' } });
    world.do({ type: 'resolve', by: byOf(), callId: 'a', as: 'retry' });
    expect(world.state.name).toBe('RUNNING');
    expect(fate(world)).toBe('running');
  });

  test('is the only kind that can be resolved', () => {
    const world = doubtful().do(callOf('b')).do(callOf('c')).ends('c', succeeded());
    const resolve = (callId: string) => world.refusalOf({ type: 'resolve', by: byOf(), callId, as: 'failed' });
    expect([resolve('a'), resolve('b'), resolve('c'), resolve('d')]).toEqual([
      undefined,
      'CALL_NOT_IN_DOUBT',
      'CALL_NOT_IN_DOUBT',
      'CALL_NOT_FOUND',
    ]);
  });

  test('is named by a rollback, before what cannot be undone', () => {
    const world = World.running()
      .do(callOf('r', 'read-only'))
      .ends('r', succeeded())
      .do(callOf('b', 'compensable'))
      .ends('b', succeeded())
      .do(callOf('a'))
      .ends('a', unknown());
    world.do({ type: 'rollback', by: byOf(), to: null });
    expect(world.of('rollbackEnded')[0]).toMatchObject({
      remaining: 2,
      shown: ['s.irreversible (a, in doubt)', 's.compensable (b)'],
    });
    expect(world.refusalOf({ type: 'rollback', by: byOf(), to: 'somewhere' })).toBe('CHECKPOINT_NOT_FOUND');
  });
});
