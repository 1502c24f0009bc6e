import { expect, test } from 'vitest';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import { byOf, type World } from '../world.ts';
import { codeOf, extend, good, governed, prove, send } from './proving.ts';

const approve = (world: World, actor: string): Extract<OutsideCommand, { type: 'approve' }> => ({
  type: 'approve',
  by: byOf('fine', actor),
  approval: 'a1',
  digest: world.session.approvals[0]?.digest ?? '',
});
const approver = (person: string) => good(['approver'], person);

test('P3, A5: persons approve, and not names: who asked decides under no name, and nobody decides twice', () => {
  const world = governed({ approvals: { extend: 2 } });
  const { deadlineAt } = world.session.clock;
  expect(prove(world, extend())).toMatchObject({ ok: true, approval: 'a1' });
  expect(codeOf(send(world, approve(world, 'ben')))).toBe('PROOF_MISSING');
  expect(codeOf(prove(world, approve(world, 'ben'), good(['operator'], 'ben')))).toBe('ROLE_MISSING');
  expect(codeOf(prove(world, approve(world, 'ann-at-home'), approver('ann')))).toBe('APPROVAL_OWN');
  expect(codeOf(prove(world, approve(world, 'ben'), approver('ben')))).toBe('ok');
  expect(codeOf(prove(world, approve(world, 'ben-at-home'), approver('ben')))).toBe('APPROVAL_TWICE');
  expect(world.session.clock.deadlineAt).toBe(deadlineAt);
  expect(codeOf(prove(world, approve(world, 'cid'), approver('cid')))).toBe('ok');
  expect(world.session.clock.deadlineAt).toBe(deadlineAt + 60_000);
  const records = world.effects.flatMap((effect) => (effect.type === 'write' ? effect.records : []));
  expect(records.find(({ kind }) => kind === 'extended')).toMatchObject({ by: 'ann', proof: { person: 'ann' } });
  expect(records.filter(({ kind }) => kind === 'approved').map(({ proof }) => proof?.person)).toEqual(['ben', 'cid']);
});
