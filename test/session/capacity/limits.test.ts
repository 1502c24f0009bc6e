import { describe, expect, test } from 'vitest';
import { recordOf } from '../../../session/records/records.ts';
import { tooManyRefusals } from '../../../session/calls/refusals.ts';
import { proseOf } from '../../../audit/prose/records.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { DEFAULTS } from '../../../protocol/governance.ts';
import { callOf, governanceOf, openedOf, type Patch, refCall, succeeded, textOf, World } from '../world.ts';

const call = (world: World, callId: string, args: JsonObject = {}, tool = 'irreversible'): World =>
  world.do(callOf(callId, tool, args)).ends(callId, succeeded());
const repeat = (world: World, times: number, prefix = 'r'): World => {
  for (let index = 0; index < times; index += 1) call(world, `${prefix}${index}`);
  return world;
};
const records = (world: World): string[] =>
  world.events.flatMap((event) => {
    const record = recordOf(event);
    return record?.kind === 'limit' || record?.kind === 'runaway'
      ? [`${record.layer} ${record.kind}: ${proseOf(record)}`]
      : [];
  });
const reopen = (world: World, patch: Patch): World =>
  world.do({ ...openedOf(patch), profileHash: JSON.stringify(patch) } as ReturnType<typeof openedOf>);

describe('T4, P5: maxIdentical', () => {
  const byDefault: Patch = { session: { maxIdentical: DEFAULTS.session.maxIdentical } };

  test('20 identical calls in a row pass; the 21st is refused and pauses the session, on record', () => {
    const world = repeat(World.running(byDefault), 20);
    expect(world.state.name).toBe('RUNNING');
    expect(world.refuse(callOf('one-too-many'))).toBe('IDENTICAL_CALLS');
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'incident',
      by: 'custody',
      reason: expect.stringContaining(
        'IDENTICAL_CALLS: agent called s.irreversible with the same arguments 20 times in a row',
      ) as string,
    });
    expect(records(world)).toEqual([
      'compliance runaway: agent called s.irreversible with the same arguments 20 times in a row and wants to ' +
        'again; session.maxIdentical is 20.',
    ]);
    expect(world.of('attemptStarted')).toHaveLength(20);
  });

  test('further ones are refused while it is paused, and are counted and nothing else', () => {
    const world = repeat(World.running(byDefault), 20);
    world.refuse(callOf('21'));
    const { refusals: _, weight: _1, ...before } = world.session;
    for (let index = 22; index < 100; index += 1) expect(world.refuse(callOf(`${index}`))).toBe('IDENTICAL_CALLS');
    const { refusals, weight: _2, ...after } = world.session;
    expect(after).toEqual(before);
    expect(refusals).toMatchObject({ total: 79, codes: { IDENTICAL_CALLS: 79 }, row: { actor: 'agent', times: 79 } });
  });

  test(
    'a caller that is refused again and again has to wait, longer each time, until a call of it is taken or ' +
      'the session is resumed',
    () => {
      const world = World.running().pause();
      world.session = { ...world.session, governance: governanceOf({ session: { whilePaused: 'refuse' } }) };
      const heard = (): boolean => tooManyRefusals(world.session, 'agent', world.now) === undefined;
      for (let index = 1; index < 10; index += 1) world.refuse(callOf(`${index}`));
      expect(heard()).toBe(true);
      world.refuse(callOf('10'));
      expect(heard()).toBe(false);
      expect(tooManyRefusals(world.session, 'somebody else', world.now)).toBeUndefined();
      world.later(1000);
      expect(heard()).toBe(true);
      world.refuse(callOf('11'));
      world.later(1000);
      expect(heard()).toBe(false);
      world.resume().do(openedOf());
      expect(heard()).toBe(true);
      expect(world.session.refusals).toMatchObject({ total: 11, row: null });
      world.refuse(callOf('12', 'none'));
      world.do(callOf('13'));
      expect(world.session.refusals).toMatchObject({ total: 12, row: null });
    },
  );

  test('another tool or other arguments end a row', () => {
    const world = World.running({ session: { maxIdentical: 2 } });
    for (const [index, [tool, args]] of (
      [
        ['irreversible', {}],
        ['irreversible', {}],
        ['irreversible', { n: 1 }],
        ['irreversible', { n: 1 }],
        ['compensable', { n: 1 }],
        ['irreversible', {}],
      ] as const
    ).entries())
      call(world, `c${index}`, args, tool);
    expect(world.state.name).toBe('RUNNING');
  });

  test('a repeated call id is no new call', () => {
    const world = World.running({ session: { maxIdentical: 2 } });
    for (let index = 0; index < 10; index += 1) world.do(callOf('same'));
    world.ends('same', succeeded());
    for (let index = 0; index < 10; index += 1) world.do(callOf('same'));
    expect(call(world, 'other').state.name).toBe('RUNNING');
    expect(world.refuse(callOf('third'))).toBe('IDENTICAL_CALLS');
    expect(world.refusalOf(callOf('same'))).toBeUndefined();
  });

  test('a resume starts the count anew, and the refused call may be made under its id', () => {
    const world = repeat(World.running(byDefault), 20);
    world.refuse(callOf('21'));
    world.resume().do(openedOf(byDefault));
    expect(call(world, '21').ended('21')?.outcome).toBe('succeeded');
    repeat(world, 19, 'again');
    expect(world.refuse(callOf('one-too-many'))).toBe('IDENTICAL_CALLS');
  });

  test('counts calls as they are taken in: those that wait for a free place too', () => {
    const world = World.running(byDefault);
    for (let index = 0; index < 20; index += 1) world.do(callOf(`r${index}`));
    expect(world.refuse(callOf('one-too-many'))).toBe('IDENTICAL_CALLS');
    expect(world.of('attemptStarted')).toHaveLength(4);
  });

  test('counts calls that came before the profile was loaded: those beyond it never run', () => {
    const world = new World();
    for (let index = 0; index < 50; index += 1) world.do(callOf(`r${index}`));
    world.do(openedOf({ session: { maxIdentical: 5 } }));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(world.session.open).toHaveLength(5);
    expect(world.ended('r5')?.answer?.error?.code).toBe('IDENTICAL_CALLS');
    expect(world.session.counts.calls).toBe(5);
  });

  test('steps of a plan are no repeats, and end no row', () => {
    const plan = Array.from({ length: 3 }, () => ({ call: 's.irreversible' }));
    const world = World.withPlan(plan, { session: { maxIdentical: 2 } }, { keepOpen: true });
    call(world, 'a');
    for (const step of ['plan/1', 'plan/2', 'plan/3']) world.ends(step, succeeded());
    call(world, 'b');
    expect(world.state.name).toBe('RUNNING');
    expect(world.refuse(callOf('c'))).toBe('IDENTICAL_CALLS');
  });
});

test('T4: lists and reads of resources are no repeats: clients ask for them again and again', () => {
  const world = World.running({ session: { maxIdentical: 1 } });
  for (let index = 0; index < 5; index += 1) {
    const { type, by, request } = callOf(`l${index}`, 'tools/list');
    world.do({ type, by, request: { ...request, method: 'tools/list' } }).ends(`l${index}`, succeeded());
  }
  expect(world.state.name).toBe('RUNNING');
});

describe('T4: maxCalls: the call that would pass it', () => {
  const patch = { session: { maxCalls: 3 } };
  const full = (): World => {
    const world = World.running(patch);
    for (const n of [1, 2, 3]) call(world, `c${n}`, { n });
    return world;
  };

  test('is refused, and the session is paused, on record', () => {
    const world = full();
    expect(world.refuse(callOf('c4', 'irreversible', { n: 4 }))).toBe('CALL_LIMIT');
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'budget',
      reason: 'CALL_LIMIT: The session has taken 3 calls, and session.maxCalls is 3.',
    });
    expect(records(world)).toEqual(['compliance limit: The session has taken 3 calls, and session.maxCalls is 3.']);
  });

  test('may run after the raised limit was accepted; the deadline stays', () => {
    const world = full();
    const { deadlineAt } = world.session.clock;
    world.refuse(callOf('c4'));
    reopen(world.resume(true), { session: { maxCalls: 4, timeout: 1000 } });
    expect(world.session.clock.deadlineAt).toBe(deadlineAt);
    expect(call(world, 'c4').ended('c4')?.outcome).toBe('succeeded');
    expect(world.refuse(callOf('c5'))).toBe('CALL_LIMIT');
  });

  test('pauses the session again after a plain resume', () => {
    const world = full();
    world.refuse(callOf('c4'));
    world.resume().do(openedOf(patch));
    expect(world.state.name).toBe('RUNNING');
    world.refuse(callOf('c4'));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
  });

  test('of a plan stays to be done, and goes on under the raised limit', () => {
    const world = World.withPlan([{ call: 's.irreversible' }, { call: 's.irreversible', onError: 'fail' }], {
      session: { maxCalls: 1 },
    });
    world.ends('plan/1', succeeded());
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
    expect(world.session.plan?.cursor).toBe(1);
    world.resume().do(openedOf({ session: { maxCalls: 1 } }));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
    reopen(world.resume(true), { session: { maxCalls: 2 } }).ends('plan/2', succeeded());
    expect(world.state.name).toBe('COMPLETED');
  });

  test('of a session that is not at work yet is refused only', () => {
    const world = full().pause();
    expect(world.refuse(callOf('c4'))).toBe('CALL_LIMIT');
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'operator' });
    world.resume();
    expect(world.refuse(callOf('c4'))).toBe('CALL_LIMIT');
    expect(world.do(openedOf(patch)).state.name).toBe('RUNNING');
  });
});

describe('T4: maxBytes: the call that would pass it', () => {
  test('counts arguments and answers, and the full size of those that history does not keep', () => {
    const world = World.running({ session: { maxBytes: 1000 } });
    call(world, 'a', { text: 'x'.repeat(200) });
    expect(world.session.counts.bytes).toBe(
      JSON.stringify({ text: 'x'.repeat(200) }).length + JSON.stringify(textOf('done')).length,
    );
    world
      .do(callOf('b'))
      .ends('b', { kind: 'succeeded', result: { truncated: { bytes: 700, sha256: '', preview: '' } } });
    expect(world.refuse(callOf('c', 'irreversible', { text: 'x'.repeat(200) }))).toBe('BYTE_LIMIT');
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
    expect(records(world)).toHaveLength(1);
  });

  test(
    'counts arguments and answers that stand outside history with their full size, and what is refused not at ' + 'all',
    () => {
      const world = World.running({ session: { maxBytes: 1000 } });
      const ref = (bytes: number) => ({ sha256: 'a'.repeat(64), bytes, preview: '' });
      world.do(refCall('a', ref(300))).ends('a', { kind: 'succeeded', result: { ref: ref(400) } });
      expect(world.session.counts.bytes).toBe(700);
      expect(world.refuse(refCall('b', ref(301)))).toBe('BYTE_LIMIT');
      expect(world.session.counts.bytes).toBe(700);
    },
  );

  test('off is no limit', () => {
    const world = World.running({ session: { maxBytes: null } })
      .do(callOf('a'))
      .ends('a', { kind: 'succeeded', result: { truncated: { bytes: 2 ** 45, sha256: '', preview: '' } } });
    expect(call(world, 'b').state.name).toBe('RUNNING');
  });
});
