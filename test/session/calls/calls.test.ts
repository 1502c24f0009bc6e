import { describe, expect, test } from 'vitest';
import { decide } from '../../../session/decide.ts';
import { byteLength } from '../../../protocol/values/digest.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { carry } from '../../../session/capacity/carried.ts';
import { countOlder } from '../../../session/calls/ledger/olderIds.ts';
import type { ReadMethod } from '../../../protocol/calls/call.ts';
import { byOf, callOf, HOUR, succeeded, textOf, unknown, World } from '../world.ts';

describe('E4: a call id', () => {
  test('that is repeated gets the first answer and has no second effect', () => {
    const world = World.running()
      .do(callOf('a', 'irreversible', { n: 1 }))
      .do(callOf('a', 'irreversible', { n: 1 }))
      .ends('a', succeeded('first'));
    const again = decide(world.session, callOf('a', 'irreversible', { n: 1 }), world.now);
    expect(again).toEqual({
      ok: true,
      events: [],
      answer: { callId: 'a', outcome: 'succeeded', attempts: 1, result: textOf('first') },
    });
    expect(world.of('attemptStarted')).toHaveLength(1);
  });

  test('gets its answer from a session that has ended, too', () => {
    const world = World.running().do(callOf('a')).ends('a', succeeded()).do({ type: 'complete', by: byOf() });
    expect(world.state.name).toBe('COMPLETED');
    expect(decide(world.session, callOf('a'), world.now)).toMatchObject({ ok: true, answer: { outcome: 'succeeded' } });
    expect(world.refusalOf(callOf('b'))).toBe('SESSION_ENDED');
  });

  test('is of one tool and its arguments, in whatever order they are written', () => {
    const world = World.running().do(callOf('a', 'irreversible', { x: 1, y: 2 }));
    expect(world.refusalOf(callOf('a', 'irreversible', { y: 2, x: 1 }))).toBeUndefined();
    expect(world.refusalOf(callOf('a', 'irreversible', { x: 2, y: 1 }))).toBe('CALL_ID_REUSED');
    expect(world.refusalOf(callOf('a', 'compensable', { x: 1, y: 2 }))).toBe('CALL_ID_REUSED');
    expect(world.ends('a', succeeded()).refusalOf(callOf('a'))).toBe('CALL_ID_REUSED');
  });

  test('older than the last 1,000 is known still, and refused', () => {
    const world = World.running();
    for (let index = 0; index < LIMITS.answers + 50; index += 1)
      world.do(callOf(`c${index}`)).ends(`c${index}`, succeeded());
    expect(world.session.ended).toHaveLength(LIMITS.answers);
    expect(countOlder(world.session.older)).toBe(50);
    expect(world.refusalOf(callOf('c49'))).toBe('ANSWER_EXPIRED');
    expect(world.refusalOf(callOf('c50'))).toBeUndefined();
    expect(world.refusalOf({ type: 'resolve', by: byOf(), callId: 'c0', as: 'failed' })).toBe('CALL_NOT_IN_DOUBT');
  });

  test.each(['', 'with space', 'ü', 'x'.repeat(129), 'line\nbreak'])('%j is none', (callId) => {
    expect(World.running().refusalOf(callOf(callId))).toBe('MALFORMED_COMMAND');
  });
});

test('E4: answers are kept up to a number of bytes; the oldest give way, and their ids are never run again', () => {
  const world = World.running();
  const text = 'x'.repeat(LIMITS.resultBytes - 1000);
  const ids = Array.from({ length: 24 }, (_, index) => `c${index}`);
  for (const id of ids) world.do(callOf(id)).ends(id, succeeded(text));
  expect(world.session.endedBytes).toBeLessThanOrEqual(LIMITS.answerBytes);
  expect(world.refusalOf(callOf('c0'))).toBe('ANSWER_EXPIRED');
  expect(decide(world.session, callOf('c23'), world.now)).toMatchObject({ answer: { result: textOf(text) } });
});

test(
  'E4, L8: a session carries fewer answers into its next run, the last ones; ids whose answer stays behind ' +
    'are not run again',
  () => {
    const world = World.running();
    for (const id of ['a', 'b', 'c', 'd'])
      world.do(callOf(id)).ends(id, succeeded('x'.repeat(LIMITS.resultBytes - 1000)));
    const carried = carry(world.session);
    expect(carried.endedBytes).toBeLessThanOrEqual(LIMITS.carriedAnswerBytes);
    expect(decide(carried, callOf('a'), world.now)).toMatchObject({ ok: false, refusal: { code: 'ANSWER_EXPIRED' } });
    expect(decide(carried, callOf('d'), world.now)).toMatchObject({ ok: true, answer: { callId: 'd' } });
  },
);

describe('U4: bad input never loses a session', () => {
  test.each(['none', 'constructor', '__proto__', 'toString', 'hasOwnProperty', ''])(
    'a server named %j is unknown, before and after INIT',
    (server) => {
      expect(World.running().refusalOf(callOf('a', 'x', {}, server))).toBe('UNKNOWN_SERVER');
      const early = new World().do(callOf('a', 'x', {}, server));
      expect(
        early
          .do({ type: 'opened', governance: World.running().session.governance!, profileHash: '', servers: {} })
          .ended('a')?.outcome,
      ).toBe('refused');
    },
  );

  test.each(['none', 'constructor', '__proto__', ''])('a tool named %j is unknown', (tool) => {
    expect(World.running().refusalOf(callOf('a', tool))).toBe('UNKNOWN_TOOL');
  });

  const deep = (levels: number): JsonObject =>
    JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as JsonObject;
  test.each<[string, JsonObject, string | undefined]>([
    ['a number that JSON cannot write', JSON.parse('{"n":1e999}') as JsonObject, 'MALFORMED_COMMAND'],
    ['half a surrogate pair', JSON.parse('{"t":"\\ud800"}') as JsonObject, 'MALFORMED_COMMAND'],
    ['half a surrogate pair in a name', JSON.parse('{"\\udc00":1}') as JsonObject, 'MALFORMED_COMMAND'],
    ['64 levels', deep(64), undefined],
    ['65 levels', deep(65), 'MALFORMED_COMMAND'],
    ['5,000 levels', deep(5000), 'MALFORMED_COMMAND'],
    ['too many bytes', { text: 'é'.repeat(LIMITS.argumentBytes / 2) }, 'ARGUMENTS_TOO_LARGE'],
    ['a name that objects inherit', JSON.parse('{"__proto__":{"a":1}}') as JsonObject, undefined],
  ])('arguments with %s', (_, args, code) => {
    expect(World.running().refusalOf(callOf('a', 'irreversible', args))).toBe(code);
  });

  test('names with half a surrogate pair are refused', () => {
    expect(World.running().refusalOf(callOf('a', '\ud800'))).toBe('MALFORMED_COMMAND');
    expect(new World().refusalOf(callOf('a', 'x', {}, '\udc00'))).toBe('MALFORMED_COMMAND');
  });
});

test('E4: a session carries so many open calls, and so many bytes of arguments, and no more', () => {
  const many = World.running();
  for (let index = 0; index < LIMITS.openCalls; index += 1) many.do(callOf(`c${index}`));
  expect(many.refusalOf(callOf('more'))).toBe('BACKLOG_FULL');
  expect(many.refusalOf(callOf('c7'))).toBeUndefined();

  const args = { text: 'x'.repeat(LIMITS.argumentBytes - byteLength('{"text":""}')) };
  const large = World.running();
  for (let index = 0; index < LIMITS.openBytes / LIMITS.argumentBytes; index += 1)
    large.do(callOf(`c${index}`, 'irreversible', args));
  expect(large.refusalOf(callOf('more', 'irreversible', { a: 1 }))).toBe('BACKLOG_FULL');
  expect(large.ends('c0', succeeded()).refusalOf(callOf('more', 'irreversible', args))).toBeUndefined();
});

describe('E8: a request of another method than tools/call', () => {
  const read = (callId: string, method: ReadMethod = 'resources/read', server = 's') => {
    const call = callOf(callId, 'file:///a.md', { uri: 'file:///a.md' }, server);
    return { ...call, request: { ...call.request, method } };
  };

  test(
    'needs no pinned tool, only a server of the session, and is read-only: it is tried again after it may have ' +
      'been sent',
    () => {
      const world = World.running().do(read('a'));
      expect(world.open('a')).toMatchObject({ phase: 'running', effect: 'read-only', method: 'resources/read' });
      world.ends('a', unknown()).later(HOUR);
      expect(world.open('a')).toMatchObject({ phase: 'running', attempts: 2 });
      world.ends('a', { kind: 'succeeded', result: { raw: { contents: [] } } });
      expect(world.ended('a')).toMatchObject({
        outcome: 'succeeded',
        method: 'resources/read',
        answer: { result: { raw: { contents: [] } } },
      });
      expect(world.refusalOf(read('b', 'resources/read', 'other'))).toBe('UNKNOWN_SERVER');
      expect(world.refusalOf(read('b', 'resources/read', 'constructor'))).toBe('UNKNOWN_SERVER');
    },
  );

  test('waits while the session is paused, as a call does', () => {
    const world = World.running().pause().do(read('a', 'tools/list'));
    expect(world.open('a')).toMatchObject({ phase: 'queued' });
  });

  test('is another call than that of a tool of the same name, under the same id', () => {
    const world = World.running().do(read('a'));
    expect(world.refusalOf(read('a'))).toBeUndefined();
    expect(world.refusalOf(read('a', 'prompts/get'))).toBe('CALL_ID_REUSED');
    expect(world.refusalOf(callOf('a', 'file:///a.md', { uri: 'file:///a.md' }))).toBe('CALL_ID_REUSED');
  });
});

test('E4: the digest by which the repeat of a tool call is known is the one that running sessions carry', () => {
  expect(
    World.running()
      .do(callOf('a', 'irreversible', { x: 1 }))
      .open('a')?.digest,
  ).toBe('2ca719c610ac0f6e487ed8a27e297ec1');
});
