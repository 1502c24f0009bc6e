import { describe, expect, test } from 'vitest';
import { nextInstant } from '../../../session/time/instants.ts';
import { DEFAULTS } from '../../../protocol/governance.ts';
import { notes } from '../observed.ts';
import { byOf, callOf, HOUR, lost, MINUTE, openedOf, START, succeeded, unknown, World } from '../world.ts';

describe('L6: onRestart', () => {
  const restarted = (patch = {}): World =>
    World.running({ onRestart: patch }).do(callOf('a', 'read-only')).ends('a', lost());

  test('restore: true goes on by itself; false pauses', () => {
    expect(restarted().state.name).toBe('RUNNING');
    expect(restarted({ restore: false }).state).toMatchObject({ name: 'PAUSED', cause: 'restart' });
  });

  test.each(['audit', 'notify'] as const)('%s writes a record, or none', (key) => {
    expect(notes(restarted(), key)).toBe(1);
    expect(notes(restarted({ [key]: false }), key)).toBe(0);
  });

  test('P4: compliance: a review is due, once, and done before work goes on', () => {
    const world = restarted().ends('a', lost('not_sent', { name: 'w', boot: 'b', afterDrain: false }));
    expect(world.of('reviewDue')).toEqual([{ type: 'reviewDue', cause: 'restart', how: 'rules', at: START }]);
    expect(world.ends('a', succeeded()).pause().resume().do(openedOf()).state.name).toBe('RUNNING');
    expect(world.of('reviewedByRules').map(({ done }) => done)).toMatchObject([
      { review: 'extra', causes: ['restart'], verdict: 'passed', findings: [] },
    ]);
    expect(restarted({ compliance: false }).of('reviewDue')).toEqual([]);
  });
});

describe('L4: a pause', () => {
  test('starts no new call; those under way end', () => {
    const world = World.running().do(callOf('a')).pause().do(callOf('b')).later(HOUR);
    expect(world.open('b')?.phase).toBe('queued');
    world.ends('a', succeeded());
    expect(world.ended('a')?.outcome).toBe('succeeded');
    expect(world.resume().do(openedOf()).open('b')?.phase).toBe('running');
  });

  test('with whilePaused: refuse, refuses calls that arrive, and still answers repeated ones', () => {
    const first = callOf('a');
    const world = World.running({ session: { whilePaused: 'refuse' } })
      .do(first)
      .ends('a', succeeded())
      .pause();
    expect(world.refusalOf(callOf('b'))).toBe('SESSION_PAUSED');
    expect(world.refusalOf(first)).toBeUndefined();
  });

  test('says who paused first', () => {
    expect(World.running().pause().refusalOf({ type: 'pause', by: byOf() })).toBe('ALREADY_PAUSED');
  });
});

test('E2: complianceCheck: true holds the end until no call is in doubt; false ends with it named', () => {
  const play = (complianceCheck: boolean) =>
    World.running({ session: { complianceCheck } })
      .do(callOf('a'))
      .ends('a', unknown())
      .do({ type: 'complete', by: byOf() });
  expect(play(true).state.name).toBe('AUDIT');
  expect(play(false).state.name).toBe('COMPLETED');
  expect(play(false).of('moved').at(-1)?.reason).toBe('because (1 call stays in doubt)');
});

test('L4: concurrency: so many calls run at once, the others wait in order', () => {
  const world = World.running();
  for (let index = 0; index < 6; index += 1) world.do(callOf(`c${index}`));
  expect(DEFAULTS.session.concurrency).toBe(4);
  expect(world.session.open.map(({ phase }) => phase)).toEqual([
    'running',
    'running',
    'running',
    'running',
    'queued',
    'queued',
  ]);
  expect(world.ends('c2', succeeded()).open('c4')?.phase).toBe('running');
  expect(world.open('c5')?.phase).toBe('queued');
});

test('T1: a retry that waits for a free place wakes nobody', () => {
  const world = World.running({ session: { concurrency: 1 } })
    .do(callOf('a', 'read-only'))
    .do(callOf('b'))
    .ends('a', unknown());
  expect(world.open('b')?.phase).toBe('running');
  world.later(MINUTE);
  expect(nextInstant(world.session)?.what).toBe('warning before the deadline');
  expect(world.ends('b', succeeded()).open('a')?.phase).toBe('running');
});
