import { describe, expect, test } from 'vitest';
import { ACTS, PROVEN_ACTS } from '../../../protocol/identity/roles.ts';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { upgraded } from '../../../session/begin.ts';
import { forkOf } from '../../../session/lifecycle/fork.ts';
import type { Session } from '../../../session/session.ts';
import { viewOf } from '../../../session/view/view.ts';
import { byOf, callOf, unknown, World } from '../world.ts';
import { bad, codeOf, extend, good, governed, KEY, LIST, prove, say, send, signed } from './proving.ts';

type Named = Exclude<OutsideCommand, { type: 'call' | 'heartbeat' }>;

const named = (type: Named['type']): Named => {
  const fields = {
    name: 'here',
    to: null,
    ms: 60_000,
    microUsd: 1,
    callId: 'a',
    as: 'succeeded',
    with: {},
    saved: { value: 1 },
    entry: { kind: 'decision', text: 'x' },
    acceptChanges: false,
    approval: 'a1',
    incident: 'i1',
    digest: '0'.repeat(64),
  };
  return { type, by: byOf(), ...fields } as unknown as Named;
};

const BY_DEFAULT = [
  'recover',
  'resume',
  'rollback',
  'extend',
  'topUp',
  'closeIncident',
  'resolve',
  'approve',
  'reject',
  'review',
];
const COMMANDS = PROVEN_ACTS.filter((act) => act !== 'start' && act !== 'fork' && act !== 'recover');

/** The principals of a life in which each command is possible, if not at once. */
const at = (act: Named['type'], proof: object = {}): World => {
  const world = governed({ proof });
  if (act === 'resume') send(world, { type: 'pause', by: byOf() });
  if (act === 'resolve') world.do(callOf('a')).ends('a', unknown());
  return world.work();
};

describe('A5: what needs a proven actor', () => {
  test.each(COMMANDS)('proof.%s: true, or false; a claimed actor is refused by code, or not', (act) => {
    const refused = send(at(act, { [act]: true }), named(act));
    expect(codeOf(refused)).toBe('PROOF_MISSING');
    expect(refused).toMatchObject({ refusal: { message: expect.stringContaining(`'${act}' needs a proven actor`) } });
    expect(codeOf(send(at(act, { [act]: false }), named(act)))).not.toBe('PROOF_MISSING');
    const roles = ACTS[act].roles;
    expect(codeOf(prove(at(act, { [act]: true }), named(act), good(roles)))).not.toMatch(/^(PROOF|ROLE)/);
  });

  test('by default it is what changes what was decided; a pause is anybody’s', () => {
    const world = governed();
    expect(viewOf(world.session, 1, world.now).needsProof).toEqual(BY_DEFAULT);
    expect(codeOf(send(world, { type: 'pause', by: byOf() }, 'signal'))).toBe('ok');
    expect(codeOf(send(world, { type: 'resume', by: byOf(), acceptChanges: false }, 'signal'))).toBe('PROOF_MISSING');
    expect(world.state.name).toBe('PAUSED');
  });

  test('without a list of principals nothing does, and a proof counts for nothing', () => {
    const world = World.running();
    expect(viewOf(world.session, 1, world.now).needsProof).toEqual([]);
    const reply = send(world, signed(world, extend()));
    expect(reply).toMatchObject({ ok: true });
    expect(reply).not.toHaveProperty('proof');
    expect(world.effects.filter(({ type }) => type === 'prove')).toEqual([]);
  });

  test('is pinned: a list that went away loosens nothing, and a fork keeps it', () => {
    const world = governed();
    world.pause();
    prove(world, { type: 'resume', by: byOf(), acceptChanges: true });
    world.do({ type: 'opened', governance: world.session.governance!, profileHash: 'other', servers: {} });
    expect(world.session.principals).toBe(LIST);
    world.do({ type: 'checkpoint', by: byOf(), name: 'here' });
    const forked = forkOf(world.session, 'fork', { at: 'here', by: { actor: 'ann', reason: 'x' } }, world.now);
    expect(forked).toMatchObject({ ok: true, session: { principals: LIST } });
  });

  test('a session that began before there were any goes on as it was', () => {
    const { principals: _, signatures: __, signedStart: ___, ...old } = World.running().session;
    const session = upgraded(old as Session);
    expect(session).toMatchObject({ principals: null, signatures: {}, signedStart: null });
    const world = World.running();
    world.session = session;
    expect(codeOf(send(world, extend()))).toBe('ok');
  });
});

describe('A5: what a worker found', () => {
  test.each([
    'PROOF_INVALID',
    'KEY_UNKNOWN',
    'KEY_REVOKED',
    'KEY_EXPIRED',
    'ACTOR_MISMATCH',
    'PROOF_UNCHECKED',
    'PRINCIPALS_INVALID',
  ] as const)('%s refuses what needs a proof, on record, and changes nothing', (code) => {
    const world = governed();
    const before = world.session.clock.deadlineAt;
    expect(codeOf(prove(world, extend(), bad(code)))).toBe(code);
    expect(world.session.clock.deadlineAt).toBe(before);
  });

  test('a proof that is not good refuses what needs none, too; one that nobody could check counts for nothing', () => {
    expect(codeOf(prove(governed(), { type: 'pause', by: byOf() }, bad('KEY_REVOKED')))).toBe('KEY_REVOKED');
    for (const code of ['PROOF_UNCHECKED', 'PRINCIPALS_INVALID'] as const) {
      const world = governed();
      const reply = prove(world, { type: 'pause', by: byOf() }, bad(code));
      expect(reply).toMatchObject({ ok: true, state: 'PAUSED' });
      expect(reply).not.toHaveProperty('proof');
    }
  });

  test('no role that may do it is ROLE_MISSING', () => {
    for (const role of ROLES) {
      const code = codeOf(prove(governed(), extend(), good([role])));
      expect([role, code]).toEqual([role, role === 'operator' ? 'ok' : 'ROLE_MISSING']);
    }
  });

  test('a proven actor is proven in the reply and in each record that names it', () => {
    const world = governed();
    const proof = { person: 'ann', roles: ['operator', 'agent'], key: KEY, list: LIST };
    expect(prove(world, extend())).toMatchObject({ ok: true, proof });
    expect(prove(world, { type: 'pause', by: byOf() })).toMatchObject({ proof });
    send(world, { type: 'complete', by: byOf('done', 'ben') });
    world.work();
    const records = world.effects.flatMap((effect) => (effect.type === 'write' ? effect.records : []));
    const named_ = records.filter(({ by }) => by === 'ann' || by === 'ben');
    expect(named_.map(({ kind, by, proof: its }) => [kind, by, its])).toEqual([
      ['extended', 'ann', proof],
      ['transition', 'ann', proof],
      ['transition', 'ben', undefined],
    ]);
  });
});

describe('A5: a signature', () => {
  const MINUTE = 60_000;

  test.each([
    [-10 * MINUTE, 'ok'],
    [-10 * MINUTE - 1, 'PROOF_EXPIRED'],
    [2 * MINUTE, 'ok'],
    [2 * MINUTE + 1, 'PROOF_EXPIRED'],
  ])('of %d ms from now: %s', (offset, code) => {
    const world = governed();
    const reply = send(world, signed(world, extend(), world.now + offset));
    expect(typeof reply === 'number' ? codeOf(say(world, reply, good()).get(reply)) : codeOf(reply)).toBe(code);
  });

  test('that is sent again is the same command, and changes nothing', () => {
    const world = governed();
    const command = signed(world, extend());
    const n = send(world, command) as number;
    say(world, n, good());
    const { deadlineAt } = world.session.clock;
    expect(codeOf(send(world, command, 'signal'))).toBe('ok');
    expect(world.session.clock.deadlineAt).toBe(deadlineAt);
  });

  test('is remembered for as long as it could come again, however many commands follow', () => {
    const world = governed();
    const command = signed(world, extend());
    say(world, send(world, command) as number, good());
    const { deadlineAt } = world.session.clock;
    for (let n = 0; n < 300; n += 1) send(world, { type: 'checkpoint', by: byOf(), name: `c${n}` }, 'signal');
    for (let n = 0; n < 300; n += 1) send(world, { type: 'pause', by: byOf() }, 'signal');
    expect(codeOf(send(world, command, 'signal'))).toBe('ok');
    for (let n = 0; n < 100; n += 1) {
      world.now += 1000;
      prove(world, extend(0));
    }
    expect(world.session.clock.deadlineAt).toBe(deadlineAt);
    expect(world.session.signatures[KEY]?.kept.length).toBeLessThanOrEqual(64);
    expect(codeOf(send(world, command, 'signal'))).toMatch(/^(ok|PROOF_REPLAYED)$/);
    expect(world.session.clock.deadlineAt).toBe(deadlineAt);
    world.now += 10 * MINUTE;
    expect(codeOf(send(world, command, 'signal'))).toMatch(/^(ok|PROOF_EXPIRED)$/);
    expect(world.session.clock.deadlineAt).toBe(deadlineAt);
  });

  test('of a command that was refused does not bring it about later', () => {
    const world = governed();
    const command = signed(world, { type: 'resume', by: byOf(), acceptChanges: false } as const);
    expect(codeOf(say(world, send(world, command) as number, good()).get(1))).toBe('ILLEGAL_IN_STATE');
    world.pause();
    expect(codeOf(send(world, command))).toBe('PROOF_REPLAYED');
    expect(world.state.name).toBe('PAUSED');
    const again = signed(world, command, world.now + 1);
    const n = send(world, again) as number;
    expect(codeOf(say(world, n, good()).get(n))).toBe('ok');
  });
});
