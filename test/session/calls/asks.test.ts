import { FORM } from './form.ts';
import { restOf } from '../../../session/calls/state.ts';
import { describe, expect, test } from 'vitest';
import { type AttemptOutcome, EFFECTS, type Effect } from '../../../protocol/calls/call.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { recordOf } from '../../../session/records/records.ts';
import { detailsOf } from '../../../session/view/details.ts';
import { viewOf } from '../../../session/view/view.ts';
import { fate } from '../observed.ts';
import { byOf, callOf, HOUR, lost, notSent, openedOf, succeeded, unknown, World } from '../world.ts';

const HELD = { worker: { name: 'w1', boot: 'b1' }, id: 'held-1' };
const modern: AttemptOutcome = { kind: 'input_required', asks: { forms: [FORM], requestState: 'state-1' } };
const legacy: AttemptOutcome = { kind: 'input_required', asks: { forms: [FORM], held: HELD } };
const FORMS = [
  ['revision 2026-07-28', modern],
  ['revisions before', legacy],
] as const;

const asking = (outcome: AttemptOutcome, effect: Effect = 'irreversible'): World =>
  World.running().do(callOf('a', effect)).ends('a', outcome);
const response = (given: JsonObject = { confirm: true }, callId = 'a') =>
  ({ type: 'respond', by: byOf('it is fine', 'bob'), callId, with: given }) as const;

describe.each(FORMS)('E8: a call whose server asks (%s)', (_, outcome) => {
  const isHeld = outcome === legacy;

  test('waits for a person, however long, and takes no place of other calls', () => {
    const world = World.running({ session: { concurrency: 1 } })
      .do(callOf('a'))
      .do(callOf('b'))
      .ends('a', outcome);
    expect([fate(world), world.open('b')?.phase]).toEqual(['awaiting_input', 'running']);
    expect(fate(world.later(5 * HOUR))).toBe('awaiting_input');
    expect(world.of('attemptStarted')).toHaveLength(2);
  });

  test('goes on with the response, as its next attempt, and the first counts as none that failed', () => {
    const world = asking(outcome).do(response());
    expect(world.of('attemptStarted').map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(world.open('a')).toMatchObject({
      phase: 'running',
      spent: 0,
      sent: isHeld,
      rest: {
        continuation: {
          responses: [{ key: 'order', response: { action: 'accept', content: { confirm: true } } }],
          ...(isHeld ? { held: HELD } : { requestState: 'state-1' }),
        },
      },
    });
    expect(world.open('a')).not.toHaveProperty('asks');
    expect(world.ends('a', succeeded()).ended('a')?.answer).toMatchObject({ outcome: 'succeeded', attempts: 2 });
  });

  test('may be asked again, and again', () => {
    const world = asking(outcome)
      .do(response())
      .ends('a', outcome)
      .do(response({ action: 'decline' }));
    expect(world.open('a')).toMatchObject({
      phase: 'running',
      attempts: 3,
      rest: { continuation: { responses: [{ response: { action: 'decline' } }] } },
    });
  });

  test('is not asked what does not fit; the question stays, and a repeated response changes nothing', () => {
    const world = asking(outcome);
    expect(world.refusalOf(response({}))).toBe('RESPONSE_INVALID');
    expect(world.refusalOf(response({ confirm: 'yes' }))).toBe('RESPONSE_INVALID');
    expect(world.refusalOf(response({ confirm: '\ud800' }))).toBe('RESPONSE_INVALID');
    expect(world.refusalOf(response({ confirm: 'x'.repeat(LIMITS.askBytes) }))).toBe('RESPONSE_INVALID');
    expect(world.refusalOf(response({ confirm: true }, 'b'))).toBe('CALL_NOT_FOUND');
    expect(fate(world)).toBe('awaiting_input');
    const command = response();
    world.do(command).do(command);
    expect(world.of('callResponded')).toHaveLength(1);
    expect(world.refusalOf(response())).toBe('CALL_NOT_ASKING');
    expect(world.ends('a', succeeded()).refusalOf(response())).toBe('CALL_NOT_ASKING');
  });

  test('is answered in a pause and goes on after it', () => {
    const world = asking(outcome).pause().do(response());
    expect(fate(world)).toBe('queued');
    expect(fate(world.resume().do(openedOf()))).toBe('running');
  });

  test('keeps a session that is to complete in AUDIT until it has its answer', () => {
    const world = asking(outcome).do({ type: 'complete', by: byOf() }).later(HOUR);
    expect(world.state).toMatchObject({ name: 'AUDIT', then: { name: 'COMPLETED' } });
    expect(fate(world.do(response()))).toBe('running');
    expect(world.ends('a', succeeded()).state.name).toBe('COMPLETED');
  });

  test.each<[string, (world: World) => World, string, string]>([
    ['cancelled', (world) => world.do({ type: 'cancel', by: byOf() }), 'FAILED', 'FAILED'],
    [
      'cancelled after it was to complete',
      (world) => world.do({ type: 'complete', by: byOf() }).do({ type: 'cancel', by: byOf() }),
      'FAILED',
      'FAILED',
    ],
    ['timed out', (world) => world.later(24 * HOUR).later(HOUR), 'TIMEOUT', 'TIMEOUT'],
    ['rolled back', (world) => world.do({ type: 'rollback', by: byOf(), to: null }), 'FAILED', 'PAUSED'],
  ])('is given up when the session is %s', (_how, end, state, heldState) => {
    const world = end(asking(outcome));
    expect(world.refusalOf(response())).not.toBeUndefined();
    if (isHeld) {
      expect(world.open('a')).toMatchObject({
        phase: 'running',
        rest: {
          continuation: { withdrawn: true, held: HELD, responses: [{ key: 'order', response: { action: 'cancel' } }] },
        },
      });
      expect(fate(world.ends('a', succeeded('not ordered')))).toBe('succeeded');
    } else {
      expect(world.ended('a')?.answer).toMatchObject({
        outcome: 'cancelled',
        attempts: 1,
        error: { code: 'CALL_CANCELLED' },
      });
    }
    expect(world.state.name).toBe(isHeld ? heldState : state);
  });

  test('stands in the view, in the details and on record, with what is asked and what was answered', () => {
    const world = asking(outcome);
    expect(viewOf(world.session, 1, world.now)).toMatchObject({
      calls: [{ outcome: null }],
      openCalls: [{ phase: 'awaiting_input', asks: [FORM] }],
    });
    expect(detailsOf(world.session)).toContain('Order 12 chairs?');
    world.do(response());
    const records = world.events
      .map(recordOf)
      .filter((record) => record?.kind === 'asks' || record?.kind === 'responded');
    expect(records).toEqual([
      { layer: 'execution', kind: 'asks', data: { callId: 'a', messages: ['Order 12 chairs?'] } },
      {
        layer: 'execution',
        kind: 'responded',
        data: { callId: 'a', actions: ['accept'], reason: 'it is fine' },
        by: 'bob',
      },
    ]);
  });

  test('finds no place where the session carries all that it can; those that wait can still be answered', () => {
    const long = {
      ...outcome,
      asks: {
        ...outcome.asks,
        forms: Array.from({ length: 14 }, (_, n) => ({ ...FORM, key: `${n}`, message: 'y'.repeat(1000) })),
      },
    } as AttemptOutcome;
    const world = World.running();
    for (let n = 0; n < 100; n += 1) world.do(callOf(`c${n}`, 'read-only'));
    for (let n = 0; n < 100; n += 1) world.ends(`c${n}`, long);
    const waiting = world.session.open.length;
    expect([waiting > 50, waiting < 100]).toEqual([true, true]);
    expect(new Set(world.session.ended.map(({ answer }) => `${answer?.outcome} ${answer?.error?.code}`))).toEqual(
      new Set(['failed SERVER_ASKS_UNSUPPORTED']),
    );
    expect(world.do(response({ action: 'decline' }, 'c0')).open('c0')?.phase).toBe('running');
  });
});

const goingOn = (world: World) => {
  const call = world.open('a');
  return call ? (restOf(call)?.continuation ?? null) : null;
};

describe('E8, E3: what a lost attempt that went on with a response means', () => {
  test.each(EFFECTS)(
    '%s, in a call that was held open: it is gone with its worker, and begins anew only where it may be repeated',
    (effect) => {
      const world = asking(legacy, effect)
        .do(response())
        .ends('a', lost('unknown', { name: 'w1', boot: 'b1', afterDrain: false }));
      const repeats = effect === 'read-only' || effect === 'idempotent';
      expect(fate(world)).toBe(repeats ? 'running' : 'in_doubt');
      expect(goingOn(world)).toBeNull();
      if (!repeats) expect(goingOn(world.do({ type: 'resolve', by: byOf(), callId: 'a', as: 'retry' }))).toBeNull();
    },
  );

  test.each(EFFECTS)('%s, in a call of its own: it is repeated with the response, or in doubt', (effect) => {
    const world = asking(modern, effect).do(response()).ends('a', unknown());
    const repeats = effect === 'read-only' || effect === 'idempotent';
    expect(fate(world)).toBe(repeats ? 'queued' : 'in_doubt');
    if (repeats) expect(goingOn(world)?.responses).toHaveLength(1);
  });

  test('one that was not sent is made again with the response', () => {
    const world = asking(modern).do(response()).ends('a', notSent());
    expect(world.later(HOUR).open('a')).toMatchObject({
      phase: 'running',
      attempts: 3,
      rest: { continuation: { requestState: 'state-1' } },
    });
  });

  test('a call that cannot go on while the session completes ends, rather than being tried for ever', () => {
    const world = asking(modern)
      .do({ type: 'complete', by: byOf() })
      .do(response())
      .ends('a', notSent('CONFIG_CHANGED'));
    expect([fate(world), world.state.name]).toEqual(['failed', 'COMPLETED']);
  });

  test('a server that asks again after its question was cancelled is waited for no longer', () => {
    const world = asking(legacy, 'idempotent').do({ type: 'cancel', by: byOf() }).ends('a', legacy);
    expect([fate(world), world.state.name]).toEqual(['cancelled', 'FAILED']);
  });

  test('a response that waits for the end of a pause is withdrawn when the session is cancelled', () => {
    const world = asking(legacy).pause().do(response()).do({ type: 'cancel', by: byOf() });
    expect(world.open('a')).toMatchObject({
      phase: 'running',
      rest: { continuation: { withdrawn: true, responses: [{ response: { action: 'cancel' } }] } },
    });
  });
});

test('E8: a server that asks for nothing but another call gets it after a pause, and not for ever', () => {
  const empty: AttemptOutcome = { kind: 'input_required', asks: { forms: [], requestState: 'again' } };
  const world = asking(empty);
  expect(world.open('a')).toMatchObject({
    phase: 'queued',
    retryAt: world.now + 1000,
    rest: { continuation: { responses: [], requestState: 'again' } },
  });
  for (let round = 1; round < 20; round += 1) world.later(1000).ends('a', empty);
  expect(world.ended('a')?.answer).toMatchObject({ outcome: 'failed', error: { code: 'SERVER_ASKS_UNSUPPORTED' } });
});
