import { describe, expect, test } from 'vitest';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import { isEnded } from '../../../session/lifecycle/states.ts';
import { STATE_NAMES } from '../../../protocol/states.ts';
import { SCENARIOS } from '../scenarios.ts';
import { byOf, callOf, HOUR, openedOf, succeeded, unknown, World } from '../world.ts';

test.each(SCENARIOS)('L1: $from -> $to, by $by', ({ from, to, play }) => {
  const moves = play().of('moved');
  expect(moves.map((move) => `${move.from} -> ${move.to.name}`)).toContain(`${from} -> ${to}`);
  for (const move of moves) expect(move.reason).not.toBe('');
});

const COMMANDS: readonly OutsideCommand[] = [
  { type: 'pause', by: byOf() },
  { type: 'resume', by: byOf(), acceptChanges: false },
  { type: 'rollback', by: byOf(), to: null },
  { type: 'extend', by: byOf(), ms: HOUR },
  { type: 'complete', by: byOf() },
  { type: 'cancel', by: byOf() },
  { type: 'resolve', by: byOf(), callId: 'a', as: 'failed' },
  callOf('new'),
];

/** A session in each state, as long as it stays there: with a call under way that holds it. */
const STAYING: Record<(typeof STATE_NAMES)[number], () => World> = {
  INIT: () => new World(),
  RUNNING: () => World.running(),
  PAUSED: () => World.running().pause(),
  RESUMING: () => World.running().pause().resume(),
  ROLLBACK: () => World.running().do(callOf('a')).do({ type: 'rollback', by: byOf(), to: null }),
  AUDIT: () => World.running().do(callOf('a')).do({ type: 'complete', by: byOf() }),
  COMPLETED: () => World.running().do({ type: 'complete', by: byOf() }),
  FAILED: () => new World().do({ type: 'cancel', by: byOf() }),
  TIMEOUT: () => World.running({ onTimeout: { pause: false } }).later(24 * HOUR),
};

const ACCEPTED: Record<(typeof STATE_NAMES)[number], readonly OutsideCommand['type'][]> = {
  INIT: ['cancel', 'call'],
  RUNNING: ['pause', 'rollback', 'extend', 'complete', 'cancel', 'call'],
  PAUSED: ['resume', 'rollback', 'extend', 'complete', 'cancel', 'call'],
  RESUMING: ['pause', 'extend', 'complete', 'cancel', 'call'],
  ROLLBACK: [],
  AUDIT: ['cancel'],
  COMPLETED: [],
  FAILED: [],
  TIMEOUT: [],
};

describe.each(STATE_NAMES)('L1: a session in %s', (name) => {
  test(`takes ${ACCEPTED[name].join(', ') || 'nothing'}, and refuses the rest with a code and a sentence`, () => {
    const world = STAYING[name]();
    expect(world.state.name).toBe(name);
    expect(COMMANDS.filter((command) => world.refusalOf(command) === undefined).map(({ type }) => type)).toEqual(
      ACCEPTED[name],
    );
    if (isEnded(world.state)) for (const command of COMMANDS) expect(world.refusalOf(command)).toBe('SESSION_ENDED');
  });
});

test('L2: what opened a session is pinned; what cannot be opened fails it before any tool ran, with the reason', () => {
  const { session } = World.running();
  expect(session).toMatchObject({
    profileHash: 'profile-v1',
    servers: { s: { configHash: 'config-v1', tools: { irreversible: { hash: 'irreversible-v1' } } } },
  });
  const world = new World()
    .do(callOf('early'))
    .do({ type: 'openFailed', refusal: { code: 'SECRET_MISSING', message: "server 's': TOKEN is not set" } });
  expect(world.state).toEqual({ name: 'FAILED', code: 'SECRET_MISSING', reason: "server 's': TOKEN is not set" });
  expect(world.of('attemptStarted')).toEqual([]);
  expect(world.ended('early')).toMatchObject({ outcome: 'refused', answer: { error: { code: 'SESSION_ENDED' } } });
});

test.each([
  [
    'the configuration of a server',
    { ...openedOf(), servers: { s: { ...World.running().session.servers['s']!, configHash: 'other' } } },
    'configuration of s',
  ],
  ['the profile', { ...openedOf(), profileHash: 'other' }, 'profile standard'],
  ['a server that is gone', { ...openedOf(), servers: {} }, 'configuration of s'],
] as const)(
  'L2, L5: %s that is not as it was pinned pauses the session with the difference named; --accept-changes takes it',
  (_, opened, difference) => {
    const world = World.running()
      .pause()
      .resume()
      .do(opened as ReturnType<typeof openedOf>);
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'incident',
      reason: `changed since it was pinned: ${difference}`,
    });
    world.resume(true).do(opened as ReturnType<typeof openedOf>);
    expect(world.state.name).toBe('RUNNING');
    expect(world.of('pinned').at(-1)?.accepted).toEqual([difference]);
  },
);

test('L5: a tool that changed, came or went is named', () => {
  const pin = World.running().session.servers['s']!;
  const { compensable: _gone, ...kept } = pin.tools;
  const servers = {
    s: {
      ...pin,
      tools: {
        ...kept,
        idempotent: { ...kept['idempotent']!, hash: 'other' },
        constructor: { hash: 'h', effect: 'read-only', timeout: 1 },
      },
    },
  } as typeof World.prototype.session.servers;
  const world = World.running()
    .pause()
    .resume()
    .do({ ...openedOf(), servers } as ReturnType<typeof openedOf>);
  expect(world.state).toMatchObject({ cause: 'incident' });
  expect('reason' in world.state ? world.state.reason : '').toBe(
    'changed since it was pinned: s.idempotent, s.compensable (gone), s.constructor (new)',
  );
});

test('L3: a command id that is repeated is one command', () => {
  const by = byOf();
  const world = World.running().do({ type: 'extend', by, ms: HOUR });
  const { deadlineAt } = world.session.clock;
  world.do({ type: 'extend', by, ms: HOUR });
  expect(world.session.clock.deadlineAt).toBe(deadlineAt);
  expect(world.of('commanded')).toHaveLength(1);
});

test(
  'E2: a call that may have been sent keeps an ending session in AUDIT until a ' + 'person says what became of it',
  () => {
    const world = World.running()
      .do(callOf('a'))
      .do({ type: 'cancel', by: byOf() })
      .ends('a', unknown('CALL_CANCELLED'));
    expect(world.state.name).toBe('AUDIT');
    expect(world.refusalOf({ type: 'resolve', by: byOf(), callId: 'a', as: 'retry' })).toBe('ILLEGAL_IN_STATE');
    world.do({ type: 'resolve', by: byOf(), callId: 'a', as: 'succeeded' });
    expect(world.state).toMatchObject({ name: 'FAILED', code: 'SESSION_CANCELLED' });
  },
);

test('L4: calls under way drain into AUDIT; those that wait are refused', () => {
  const world = World.running({ session: { concurrency: 1 } })
    .do(callOf('a'))
    .do(callOf('b'))
    .do({ type: 'complete', by: byOf() });
  expect(world.ended('b')).toMatchObject({ outcome: 'refused', answer: { error: { code: 'SESSION_ENDED' } } });
  expect(world.state.name).toBe('AUDIT');
  expect(world.ends('a', succeeded()).state.name).toBe('COMPLETED');
  expect(world.ended('a')?.outcome).toBe('succeeded');
});
