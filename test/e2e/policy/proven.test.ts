import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryOf, type Somebody, somebody } from '../../support/identity/people.ts';
import { Harness } from '../../support/harness.ts';

const RULES =
  '@id("two") @approval("2")\nforbid(principal, action == Action::"journal.append", resource) ' +
  'when { !context.approved };';

describe('P3, A5: approvals by persons who prove who they are', () => {
  let harness: Harness;
  let people: Record<'ann' | 'annie' | 'bob' | 'cid' | 'op', Somebody>;
  const list = () => ({
    ...entryOf(people.ann, ['approver'], { person: 'ann.smith' }),
    ...entryOf(people.annie, ['approver'], { person: 'ann.smith' }),
    ...entryOf(people.bob, ['approver', 'operator']),
    ...entryOf(people.cid, ['approver']),
    ...entryOf(people.op, ['operator']),
  });
  beforeAll(async () => {
    const names = ['ann', 'annie', 'bob', 'cid', 'op'] as const;
    const made = await Promise.all(names.map((name) => somebody(name)));
    people = Object.fromEntries(names.map((name, n) => [name, made[n]])) as typeof people;
    harness = await Harness.start({
      rules: RULES,
      profile: { approvals: { extend: 1 } },
      config: { identity: { principals: 'principals.yaml' } },
      files: { 'principals.yaml': { principals: list() } },
    });
  });
  afterAll(() => harness?.stop());

  const approvalsOf = (who: Somebody, id: string) =>
    harness.custody.as(who.name, { key: who.file }).session(id).approvals;

  test('two names of one person count once, a claimed name, a wrong role and a revoked key not at all', async () => {
    const id = await harness.running();
    const call = harness.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' });
    const { approvals } = await harness.until(id, (view) => view.approvals.length > 0);
    const [{ id: approval, digest } = { id: '', digest: '' }] = approvals;
    const claimed = harness.custody.as('bob').session(id).approvals;
    await expect(claimed.approve(approval, digest)).rejects.toMatchObject({ code: 'PROOF_MISSING' });
    await expect(approvalsOf(people.op, id).approve(approval, digest)).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    await approvalsOf(people.ann, id).approve(approval, digest, { reason: 'looked at it' });
    await expect(approvalsOf(people.annie, id).approve(approval, digest)).rejects.toMatchObject({
      code: 'APPROVAL_TWICE',
    });
    await harness.write('principals.yaml', {
      principals: { ...list(), ...entryOf(people.cid, ['approver'], {}, { revoked: true }) },
    });
    await expect(approvalsOf(people.cid, id).approve(approval, digest)).rejects.toMatchObject({ code: 'KEY_REVOKED' });
    expect(harness.journal()).toEqual([]);
    await approvalsOf(people.bob, id).approve(approval, digest);
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    const told = [];
    for await (const entry of harness.custody.session(id).watch({ follow: false })) told.push(entry);
    expect(told.filter(({ kind }) => kind === 'approved')).toMatchObject([
      { by: 'ann', standing: 'proven', proof: { person: 'ann.smith' } },
      { by: 'bob', standing: 'proven' },
    ]);
  });

  test('who asked is not who approves, under another name of the same person either', async () => {
    const id = await harness.running();
    const operator = harness.custody.as('bob', { key: people.bob.file }).session(id);
    await operator.extend(3_600_000, { reason: 'more to do' });
    const [asked] = await operator.approvals.list();
    await expect(operator.approvals.approve(asked!.id, asked!.digest)).rejects.toMatchObject({ code: 'APPROVAL_OWN' });
    await approvalsOf(people.ann, id).approve(asked!.id, asked!.digest);
    expect(await operator.describe()).toMatchObject({ approvals: [] });
  });
});
