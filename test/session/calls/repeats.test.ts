import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { callOf, HOUR, MINUTE, openedOf, succeeded, unknown, World } from '../world.ts';

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

  test('is a question however often it comes: it makes nobody wait', () => {
    const world = made().later(HOUR / 60);
    for (let n = 0; n < 15; n += 1) expect(world.refuse(from('two', `b${n}`))).toBe('REPEATS_EARLIER');
  });
});
