import { describe, expect, test } from 'vitest';
import { decide } from '../../../session/decide.ts';
import { byteLength } from '../../../protocol/values/digest.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { carry } from '../../../session/capacity/carried.ts';
import { countOlder, hasOlder, type OlderIds } from '../../../session/calls/ledger/olderIds.ts';
import type { Session } from '../../../session/session.ts';
import { weigh } from '../../../session/capacity/weight.ts';
import { byOf, callOf, succeeded, unknown, World } from '../world.ts';

/** The input of a run that Temporal takes; beyond it the session is terminated. */
const FATAL = 2_000_000;
const carriedBytes = (session: Session): number => byteLength(JSON.stringify(carry(session)));

/** Ids of so many calls, as they would be after as many; evenly, as digests are. */
const idsOf = (count: number): OlderIds =>
  Object.fromEntries(
    [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((first) => [
      first,
      'aaaaaaa'.repeat(Math.ceil(count / 64)),
    ]),
  );

const after = (calls: number, world = World.running()): World => {
  world.session = { ...world.session, older: idsOf(calls) };
  world.session = { ...world.session, weight: weigh(world.session) };
  return world;
};

describe('L8: what a session carries into its next run', () => {
  test('is within 512 KiB after 50,000 calls, with the last calls and their answers', () => {
    const world = after(49_000);
    for (let index = 0; index < 1000; index += 1)
      world.do(callOf(`c${index}`, 'read-only')).ends(`c${index}`, succeeded('x'.repeat(100)));
    const carried = carry(world.session);
    expect(carriedBytes(world.session)).toBeLessThan(LIMITS.carriedBytes + 1000);
    expect(carried.ended.length).toBeGreaterThan(200);
    expect(decide(carried, callOf('c999', 'read-only'), world.now)).toMatchObject({
      ok: true,
      answer: { callId: 'c999' },
    });
    expect(carried.ended.length + countOlder(carried.older)).toBe(
      world.session.ended.length + countOlder(world.session.older),
    );
    expect(hasOlder(carried.older, 'c0')).toBe(true);
    expect(decide(carried, callOf('c0', 'read-only'), world.now)).toMatchObject({
      ok: false,
      refusal: { code: 'ANSWER_EXPIRED' },
    });
  });

  test('is all of it while it is small', () => {
    const world = World.running();
    for (let index = 0; index < LIMITS.answers; index += 1)
      world.do(callOf(`c${index}`)).ends(`c${index}`, succeeded());
    expect({ ...carry(world.session), weight: 0 }).toEqual({ ...world.session, weight: 0 });
  });

  test('has the last answers in any case: their callers may not have them yet', () => {
    const world = after(140_000);
    for (let index = 0; index < 20; index += 1)
      world.do(callOf(`c${index}`)).ends(`c${index}`, succeeded('x'.repeat(30_000)));
    const carried = carry(world.session);
    for (const id of ['c17', 'c18', 'c19'])
      expect(decide(carried, callOf(id), world.now)).toMatchObject({ ok: true, answer: { callId: id } });
    expect(carriedBytes(world.session)).toBeLessThan(FATAL);
  });

  test('is weighed by whoever hands it over', () => {
    const world = World.running().do(callOf('a')).ends('a', succeeded());
    expect(carry(world.session).weight).toBe(weigh(world.session));
  });
});

describe('L8, U4: a session that can carry no more', () => {
  test('takes no call, by code, and every command; its open calls end', () => {
    const world = World.running().do(callOf('open'));
    after(190_000, world);
    expect(world.refusalOf(callOf('more'))).toBe('SESSION_FULL');
    expect(world.refusalOf({ type: 'checkpoint', by: byOf(), name: 'more' })).toBe('SESSION_FULL');
    expect(decide(world.session, callOf('more'), world.now)).toMatchObject({
      refusal: { message: expect.stringContaining('it can carry 1.3 MiB') },
    });
    world.ends('open', succeeded());
    expect(decide(world.session, callOf('open'), world.now)).toMatchObject({ ok: true, answer: { callId: 'open' } });
    world.pause().do({ type: 'extend', by: byOf(), ms: 1000 }).do({ type: 'complete', by: byOf() });
    expect(world.state.name).toBe('COMPLETED');
    expect(carriedBytes(world.session)).toBeLessThan(FATAL);
  });

  test('ends by its own rules where a plan wants one more call', () => {
    const world = new World({ plan: [{ call: 's.read-only' }] });
    after(190_000, world).do({
      type: 'opened',
      governance: World.running().session.governance!,
      profileHash: '',
      servers: World.running().session.servers,
    });
    expect(world.state).toMatchObject({
      name: 'FAILED',
      code: 'PLAN_STEP_FAILED',
      reason: expect.stringContaining('can carry'),
    });
  });

  test('because of its open calls takes more when they have ended', () => {
    const world = after(160_000).pause();
    let count = 0;
    while (world.refusalOf(callOf(`c${count}`)) === undefined) world.do(callOf(`c${count++}`));
    expect(count).toBeGreaterThan(10);
    expect(world.refusalOf(callOf('one-more'))).toBe('BACKLOG_FULL');
    world.resume().do({
      type: 'opened',
      governance: world.session.governance!,
      profileHash: 'profile-v1',
      servers: world.session.servers,
    });
    for (let index = 0; index < 4; index += 1) world.ends(`c${index}`, succeeded());
    expect(world.refusalOf(callOf('one-more'))).toBeUndefined();
  });

  test(
    'is known in time: as many open calls as it takes, each in doubt, with the longest of names, stay below 2 ' + 'MB',
    () => {
      const world = World.running({ session: { concurrency: 16, whilePaused: 'wait' } });
      const long = (index: number) => `${index}`.padEnd(128, 'x');
      let [made, refused] = [0, 0];
      for (; refused === 0; made += 1) {
        const call = { ...callOf(long(made)), by: { actor: '\u0001'.repeat(200), reason: '', commandId: `${made}` } };
        if (world.refusalOf(call) !== undefined) refused = 1;
        else world.do(call).ends(long(made), { ...unknown(), message: 'ü'.repeat(5000) } as ReturnType<typeof unknown>);
      }
      expect(made).toBeGreaterThan(300);
      expect(world.session.open.every(({ phase }) => phase === 'in_doubt')).toBe(true);
      expect(carriedBytes(world.session)).toBeLessThan(FATAL);
    },
  );
});
