import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../protocol/limits.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { tooManyRefusals } from '../../../session/calls/refusals.ts';
import { callOf, MINUTE, openedOf, succeeded, unknown, World } from '../world.ts';

/** A call of an agent's connection; another one after it started again. */
const from = (connection: string, callId: string, tool = 'irreversible', args: JsonObject = { to: 'ann' }) => {
  const call = callOf(callId, tool, args);
  return { ...call, request: { ...call.request, connection } };
};

describe('A1, E4: a call that an earlier connection made', () => {
  const made = (): World => World.running().do(from('one', 'a')).ends('a', succeeded());

  test('is answered with a question that names it, how it ended and when, and is not made', () => {
    const world = made().later(2 * MINUTE);
    expect(world.refuse(from('two', 'b'))).toBe('REPEATS_EARLIER');
    expect(world.of('attemptStarted')).toHaveLength(1);
    expect(world.open('b')).toBeUndefined();
  });

  test('is asked about while it runs, and while it is in doubt', () => {
    const world = World.running().do(from('one', 'a'));
    expect(world.refusalOf(from('two', 'b'))).toBe('REPEATS_EARLIER');
    world.ends('a', unknown());
    expect(world.open('a')?.phase).toBe('in_doubt');
    expect(world.refusalOf(from('two', 'b'))).toBe('REPEATS_EARLIER');
  });

  test('is made again by one who says that it is meant', () => {
    expect(made().refusalOf({ ...from('two', 'b'), again: true })).toBeUndefined();
  });

  test.each([
    ['the same connection', from('one', 'b')],
    ['a caller without a connection', callOf('b', 'irreversible', { to: 'ann' })],
    ['other arguments', from('two', 'b', 'irreversible', { to: 'bob' })],
    ['another actor', { ...from('two', 'b'), by: { actor: 'bob', reason: '', commandId: 'x' } }],
    ['what may be repeated without harm', from('two', 'b', 'idempotent')],
    ['the same id, which is no second call', from('two', 'a')],
  ])('is not asked about for %s', (_, call) => {
    const world = made()
      .do(from('one', 'i', 'idempotent'))
      .ends('i', succeeded());
    expect(world.refusalOf(call)).toBeUndefined();
  });

  test('is not asked about once session.askRepeats is over, or where it is off', () => {
    expect(
      made()
        .later(15 * MINUTE)
        .refusalOf(from('two', 'b')),
    ).toBe('REPEATS_EARLIER');
    expect(
      made()
        .later(15 * MINUTE + 1)
        .refusalOf(from('two', 'b')),
    ).toBeUndefined();
    const off = World.running({ session: { askRepeats: null } })
      .do(from('one', 'a'))
      .ends('a', succeeded());
    expect(off.refusalOf(from('two', 'b'))).toBeUndefined();
  });

  test('is not asked about where it had no effect, or its effect was undone', () => {
    const failed = World.running()
      .do(from('one', 'a'))
      .ends('a', { kind: 'tool_error', result: { content: [] } });
    expect(failed.refusalOf(from('two', 'b'))).toBeUndefined();
    const undo = { tool: 'compensable', checked: true, call: { args: {} } } as const;
    const by = { actor: 'ann', reason: 'wrong', commandId: 'c' };
    const undone = World.running()
      .do({ type: 'checkpoint', by, name: 'one' })
      .do(from('one', 'a', 'compensable'))
      .ends('a', { ...succeeded(), undo })
      .do({ type: 'rollback', by: { ...by, commandId: 'd' }, to: 'one' })
      .ends('undo/1/1', succeeded())
      .resume()
      .do(openedOf());
    expect(undone.ended('a')).toMatchObject({ outcome: 'succeeded', undone: true });
    expect(undone.refusalOf(from('two', 'b', 'compensable'))).toBeUndefined();
  });

  test('is asked about once: who has made it after that knows', () => {
    const world = made()
      .do({ ...from('two', 'b'), again: true })
      .ends('b', succeeded());
    expect(world.refusalOf(from('two', 'c'))).toBeUndefined();
    expect(world.refusalOf(from('three', 'c'))).toBe('REPEATS_EARLIER');
  });

  test('is asked about before the session is open, too', () => {
    const world = new World().do(from('one', 'a'));
    expect(world.refusalOf(from('two', 'b'))).toBe('REPEATS_EARLIER');
  });

  test('T4: again and again is a row of refusals like any other: its caller has to wait', () => {
    const world = made();
    for (let n = 0; n < LIMITS.refusalsInRow; n += 1) world.refuse(from('two', `b${n}`));
    expect(tooManyRefusals(world.session, 'agent', world.now)?.code).toBe('TOO_MANY_REFUSALS');
  });
});
