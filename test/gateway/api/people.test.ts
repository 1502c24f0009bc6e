import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { Desk } from './desk.ts';

let desk: Desk;
let id: string;
let [ann, bob, operator]: string[] = [];
beforeAll(async () => {
  desk = await Desk.open({
    rules: '@id("appends") @approval("1")\nforbid(principal, action == Action::"journal.append", resource);',
  });
  id = await desk.house.harness.running({ labels: { team: 'pay' } });
  [ann, bob, operator] = [
    await desk.key('approver', 'ann'),
    await desk.key('auditor', 'bob'),
    await desk.key('operator'),
  ];
});
afterAll(() => desk?.close());

test('G4: a token says who asks, and finds its sessions by what they are', async () => {
  expect(await desk.get(ann!, '/me')).toEqual({
    issuer: 'custody',
    subject: 'ann',
    person: 'ann',
    roles: ['approver'],
  });
  const ids = async (query: string): Promise<unknown> =>
    ((await desk.get(bob!, `/sessions?${query}`)).sessions as { id: string }[]).map((each) => each.id);
  await until('it is listed', async () =>
    ((await ids('label=team:pay&state=running&limit=5')) as string[]).includes(id),
  );
  expect(await ids('label=team:other')).toEqual([]);
  expect(await desk.get(bob!, `/sessions/${id}`)).toMatchObject({ id, state: 'RUNNING', labels: { team: 'pay' } });
});

test('G4: an operator pauses and resumes under a command id, with the reason on record', async () => {
  const at = `/sessions/${id}/commands`;
  const twice = { method: 'POST', body: { reason: 'lunch' }, headers: { 'idempotency-key': 'k1' } };
  const [first, again] = [
    await desk.ask(operator!, `${at}/pause`, twice),
    await desk.ask(operator!, `${at}/pause`, twice),
  ];
  expect(await again.json()).toEqual(await first.json());
  expect(await desk.get(bob!, `/sessions/${id}/state`)).toMatchObject({ state: 'PAUSED' });
  await desk.post(operator!, `${at}/resume`);
  const { entries, next } = await desk.get(bob!, `/sessions/${id}/log?limit=1000`);
  expect(JSON.stringify(entries)).toContain('lunch');
  const rest = await desk.get(bob!, `/sessions/${id}/log?after=${Number(next) - 1}`);
  expect((rest.entries as unknown[])[0]).toEqual((entries as unknown[]).at(-1));
});

describe('G4: what persons are asked', () => {
  /** A call that waits for somebody. */
  const asked = async (text: string) => {
    const call = desk.house.harness.custody.session(id).call('journal.append', { text });
    const approval = await until('somebody is asked', async () => {
      const { approvals } = await desk.get(ann!, '/approvals?mine=true');
      return (approvals as { id: string; digest: string }[])[0];
    });
    return { call, approval, at: `/sessions/${id}/approvals/${approval.id}` };
  };

  test('an approver sees the arguments and says yes to what was shown, and to nothing else', async () => {
    const { call, approval, at } = await asked('hello');
    expect(await desk.get(ann!, at)).toMatchObject({ session: id, call: { args: { text: 'hello' } } });
    const other = await desk.post(ann!, `${at}/approve`, { digest: '0'.repeat(64) }, 409);
    expect(other).toMatchObject({ error: { code: 'APPROVAL_DIFFERS' } });
    await desk.post(bob!, `${at}/approve`, { digest: approval.digest }, 403);
    await desk.post(ann!, `${at}/approve`, { digest: approval.digest, reason: 'fine' });
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect(desk.house.harness.phasesOf('hello')).toBe('begin end');
  });

  test('a no reaches who asked, with its reason', async () => {
    const { call, at } = await asked('bye');
    await desk.post(ann!, `${at}/reject`, { reason: 'ask the customer first' });
    expect(JSON.stringify(await call)).toContain('ask the customer first');
    expect(await desk.get(ann!, at, 409)).toMatchObject({ error: { code: 'APPROVAL_ENDED' } });
    expect(desk.house.harness.phasesOf('bye')).toBe('');
  });
});
