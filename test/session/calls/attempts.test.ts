import { describe, expect, test } from 'vitest';
import { type AttemptOutcome, type Effect, EFFECTS } from '../../../protocol/calls/call.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { began, fate } from '../observed.ts';
import { byOf, callOf, HOUR, lost, notSent, openedOf, pinOf, succeeded, textOf, unknown, World } from '../world.ts';

/** What became of the call: its outcome, or where it is. */

const failed: AttemptOutcome = { kind: 'failed', code: 'SERVER_REFUSED', message: 'no' };
const TABLE: readonly (readonly [string, AttemptOutcome, Record<Effect, string>])[] = [
  [
    'succeeded',
    succeeded(),
    { 'read-only': 'succeeded', idempotent: 'succeeded', compensable: 'succeeded', irreversible: 'succeeded' },
  ],
  [
    'a tool error',
    { kind: 'tool_error', result: textOf('no') },
    { 'read-only': 'tool_error', idempotent: 'tool_error', compensable: 'tool_error', irreversible: 'tool_error' },
  ],
  [
    'the server said no',
    failed,
    { 'read-only': 'failed', idempotent: 'failed', compensable: 'failed', irreversible: 'failed' },
  ],
  [
    'sent, no answer',
    unknown(),
    { 'read-only': 'queued', idempotent: 'queued', compensable: 'in_doubt', irreversible: 'in_doubt' },
  ],
  [
    'sent, timed out',
    unknown('TOOL_TIMEOUT'),
    { 'read-only': 'queued', idempotent: 'queued', compensable: 'in_doubt', irreversible: 'in_doubt' },
  ],
  [
    'sent, worker lost',
    lost(),
    { 'read-only': 'running', idempotent: 'running', compensable: 'in_doubt', irreversible: 'in_doubt' },
  ],
  [
    'sent, cancelled',
    unknown('CALL_CANCELLED'),
    { 'read-only': 'cancelled', idempotent: 'cancelled', compensable: 'in_doubt', irreversible: 'in_doubt' },
  ],
  [
    'sent, answer too large',
    unknown('RESULT_TOO_LARGE'),
    { 'read-only': 'failed', idempotent: 'in_doubt', compensable: 'in_doubt', irreversible: 'in_doubt' },
  ],
  [
    'not sent, server away',
    notSent(),
    { 'read-only': 'queued', idempotent: 'queued', compensable: 'queued', irreversible: 'queued' },
  ],
  [
    'not sent, worker lost',
    lost('not_sent'),
    { 'read-only': 'running', idempotent: 'running', compensable: 'running', irreversible: 'running' },
  ],
  [
    'not sent, cancelled',
    notSent('CALL_CANCELLED'),
    { 'read-only': 'cancelled', idempotent: 'cancelled', compensable: 'cancelled', irreversible: 'cancelled' },
  ],
  [
    'not sent, configuration changed',
    notSent('CONFIG_CHANGED'),
    { 'read-only': 'queued', idempotent: 'queued', compensable: 'queued', irreversible: 'queued' },
  ],
  [
    'not sent, tool changed',
    notSent('TOOL_CHANGED'),
    { 'read-only': 'queued', idempotent: 'queued', compensable: 'queued', irreversible: 'queued' },
  ],
  [
    'not sent, refused',
    notSent('ARGUMENTS_TOO_LARGE'),
    { 'read-only': 'refused', idempotent: 'refused', compensable: 'refused', irreversible: 'refused' },
  ],
];

describe.each(TABLE)('E3: after an attempt that ended as: %s', (_, outcome, fates) => {
  test.each(EFFECTS)('a call that is %s', (effect) => {
    expect(fate(began(effect).ends('a', outcome))).toBe(fates[effect]);
  });
});

test.each<[Effect, AttemptOutcome, string]>([
  ['read-only', unknown(), 'failed'],
  ['idempotent', unknown(), 'in_doubt'],
  ['read-only', notSent(), 'failed'],
  ['idempotent', notSent(), 'failed'],
  ['irreversible', notSent(), 'failed'],
])(
  'E3: a call that is %s is tried 3 times, with back-off, and then ends as what is known of it',
  (effect, outcome, end) => {
    const world = began(effect);
    for (const wait of [1000, 2000]) {
      world.ends('a', outcome).later(wait - 1);
      expect(fate(world)).toBe('queued');
      world.later(1);
      expect(fate(world)).toBe('running');
    }
    expect(fate(world.ends('a', outcome))).toBe(end);
    expect(world.of('attemptStarted')).toHaveLength(3);
  },
);

test('E3: a call whose workers die before it is sent is tried on, and ends before it would go on for ever', () => {
  const world = began('irreversible');
  for (let lives = 1; lives < 4; lives += 1) expect(fate(world.ends('a', lost('not_sent')))).toBe('running');
  for (let lives = 4; lives < 20; lives += 1) {
    expect(fate(world.ends('a', lost('not_sent')))).toBe('queued');
    expect(fate(world.later(15_000))).toBe('running');
  }
  expect(fate(world.ends('a', lost('not_sent')))).toBe('failed');
});

test.each<ErrorCode>(['CONFIG_CHANGED', 'TOOL_CHANGED', 'SECRET_MISSING'])(
  'L2: %s pauses the session; its call goes on after the resume',
  (code) => {
    const world = began('irreversible').ends('a', notSent(code));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident', reason: `${code}: not sent` });
    expect(fate(world.resume().do(openedOf()))).toBe('running');
  },
);

test('L6: a restart and a changed tool in one outcome pause the session once', () => {
  const world = World.running({ onRestart: { restore: false } })
    .do(callOf('a'))
    .ends('a', { ...notSent('TOOL_CHANGED'), workerLost: true });
  expect(world.of('moved').map(({ to }) => to.name)).toEqual(['RUNNING', 'PAUSED']);
  expect(fate(world)).toBe('queued');
});

describe('E2: what may have been sent is never on record as not having happened', () => {
  test.each<[string, (world: World) => World]>([
    [
      'a second attempt is not sent',
      (world) => world.ends('a', notSent()).later(HOUR).ends('a', notSent()).later(HOUR).ends('a', notSent()),
    ],
    ['a second attempt is refused', (world) => world.ends('a', notSent('ARGUMENTS_TOO_LARGE'))],
    ['a second attempt is cancelled before it is sent', (world) => world.ends('a', notSent('CALL_CANCELLED'))],
    [
      'the session ends before a second attempt',
      (world) => world.ends('a', notSent()).do({ type: 'cancel', by: byOf() }),
    ],
  ])('an irreversible call that a person retried is in doubt again when %s', (_, then) => {
    const world = began('irreversible')
      .ends('a', unknown())
      .do({ type: 'resolve', by: byOf(), callId: 'a', as: 'retry' });
    expect(fate(then(world))).toBe('in_doubt');
  });

  test(
    'an idempotent call that waits for its next attempt when the session ends is cancelled; one that never ' +
      'started is refused',
    () => {
      const world = began('idempotent').ends('a', unknown()).pause().do(callOf('b')).do({ type: 'cancel', by: byOf() });
      expect(fate(world)).toBe('cancelled');
      expect(world.ended('b')?.outcome).toBe('refused');
    },
  );
});

test('E3: the effect class that counts is that of the attempt, not one that was accepted while it ran', () => {
  const pin = pinOf();
  const harmless = {
    ...pin,
    tools: { ...pin.tools, irreversible: { ...pin.tools['irreversible']!, effect: 'read-only' as const } },
  };
  const world = began('irreversible').pause().resume(true).do(openedOf({}, harmless));
  expect(fate(world.ends('a', unknown()))).toBe('in_doubt');
});

test('E3: a call that waited for INIT has the effect class that was pinned', () => {
  const world = new World().do(callOf('a', 'read-only')).do(openedOf()).ends('a', succeeded());
  expect(world.ended('a')?.effect).toBe('read-only');
});

test('E2: an outcome that nobody waits for is refused and changes nothing', () => {
  const world = World.running();
  expect(world.refusalOf({ type: 'attemptEnded', callId: 'a', outcome: succeeded() })).toBe('CALL_NOT_FOUND');
  expect(world.of('callEnded')).toEqual([]);
});
