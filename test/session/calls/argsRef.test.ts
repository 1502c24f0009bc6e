import { describe, expect, test } from 'vitest';
import { decide } from '../../../session/decide.ts';
import { byteLength, canonical, sha256Hex } from '../../../protocol/values/digest.ts';
import { DEFAULTS } from '../../../protocol/governance.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Ref } from '../../../protocol/values/payload.ts';
import { openBytes } from '../../../session/calls/state.ts';
import { callOf, MINUTE, notSent, openedOf, refCall, World } from '../world.ts';

describe('E5: a call whose arguments stand outside history', () => {
  const refOf = (text: string): Ref => ({ sha256: sha256Hex(text), bytes: 5_000_000, preview: text.slice(0, 1024) });

  test('is told from another by their hash, and from one with the same arguments for another tool', () => {
    const world = World.running().do(refCall('a', refOf('one')));
    expect(world.refusalOf(refCall('a', refOf('one')))).toBeUndefined();
    expect(world.refusalOf(refCall('a', refOf('two')))).toBe('CALL_ID_REUSED');
    expect(world.refusalOf(refCall('a', refOf('one'), 'compensable'))).toBe('CALL_ID_REUSED');
    expect(world.refusalOf(callOf('a'))).toBe('CALL_ID_REUSED');
    const again = decide(
      world.ends('a', { kind: 'succeeded', result: { ref: refOf('answer') } }).session,
      refCall('a', refOf('one')),
      world.now,
    );
    expect(again).toEqual({
      ok: true,
      events: [],
      answer: { callId: 'a', outcome: 'succeeded', attempts: 1, result: { ref: refOf('answer') } },
    });
  });

  test('weighs in the backlog what stands in history, whatever its arguments weigh', () => {
    const world = World.running();
    for (let index = 0; index < 200; index += 1) world.do(refCall(`c${index}`, refOf('x'.repeat(1024))));
    expect(world.session.open).toHaveLength(200);
    expect(openBytes(world.session)).toBe(200 * byteLength(canonical({ ...refOf('x'.repeat(1024)) })));
  });

  test(
    'is held to maxArguments of the profile, from the first call after the start on, whether or not its ' +
      'arguments stand in history',
    () => {
      const patch = { session: { maxArguments: 2000 } };
      const ref = { ...refOf('x'), bytes: 2001 };
      const world = World.running(patch);
      expect([
        world.refusalOf(refCall('a', ref)),
        world.refusalOf(callOf('a', 'irreversible', { text: 'x'.repeat(2000) })),
      ]).toEqual(['ARGUMENTS_TOO_LARGE', 'ARGUMENTS_TOO_LARGE']);
      expect(world.refusalOf(refCall('a', { ...ref, bytes: 2000 }))).toBeUndefined();
      const early = new World()
        .do(refCall('a', ref))
        .do(callOf('b', 'irreversible', { text: 'x'.repeat(2000) }))
        .do(callOf('c'))
        .do(openedOf(patch));
      expect(['a', 'b'].map((id) => early.ended(id))).toMatchObject(
        Array(2).fill({
          outcome: 'refused',
          attempts: 0,
          answer: {
            error: { code: 'ARGUMENTS_TOO_LARGE', message: expect.stringContaining('session.maxArguments') as string },
          },
        }),
      );
      expect(early.open('c')).toMatchObject({ phase: 'running' });
    },
  );

  test('of a session that an earlier version opened is held to the default', () => {
    const world = World.running();
    const { maxArguments: _, ...session } = world.session.governance!.session;
    world.session = { ...world.session, governance: { ...world.session.governance!, session: session as never } };
    expect(world.refusalOf(refCall('a', refOf('x')))).toBeUndefined();
    expect(world.refusalOf(refCall('a', { ...refOf('x'), bytes: DEFAULTS.session.maxArguments + 1 }))).toBe(
      'ARGUMENTS_TOO_LARGE',
    );
  });

  test('is refused when nothing could send it, or when what left of it says that the store lacks it', () => {
    expect(World.running().refusalOf(refCall('a', { ...refOf('x'), bytes: LIMITS.messageBytes + 1 }))).toBe(
      'ARGUMENTS_TOO_LARGE',
    );
    for (const code of ['PAYLOAD_MISSING', 'PAYLOAD_CORRUPT'] as const)
      expect(
        World.running()
          .do(refCall('a', refOf('x')))
          .ends('a', notSent(code))
          .ended('a'),
      ).toMatchObject({ outcome: 'refused', answer: { error: { code } } });
    const away = World.running().do(refCall('a', refOf('x')));
    for (let attempt = 1; attempt < LIMITS.attempts; attempt += 1)
      expect(away.ends('a', notSent('STORE_UNAVAILABLE')).later(MINUTE).open('a')).toMatchObject({
        phase: 'running',
        attempts: attempt + 1,
      });
    expect(away.ends('a', notSent('STORE_UNAVAILABLE')).ended('a')).toMatchObject({ outcome: 'failed' });
  });
});
