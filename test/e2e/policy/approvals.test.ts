import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import type { ApprovalView } from '../../../protocol/view.ts';
import { Harness } from '../../support/harness.ts';

const RULES = `
@id("appends") @approval @says("Appends are looked at by a person.")
forbid(principal, action == Action::"journal.append", resource);

@id("upserts") @approval("2") @expires("1s")
forbid(principal, action == Action::"journal.upsert", resource) when { context.args.value == "short" };

@id("two") @approval("2")
forbid(principal, action == Action::"journal.upsert", resource) when { context.args.value == "two" };
`;

describe('P3: calls that persons approve', () => {
  let harness: Harness;
  let agent: SessionHandle;
  let bob: SessionHandle;
  let cid: SessionHandle;
  beforeEach(async () => {
    harness = await Harness.start({ rules: RULES });
    const id = await harness.running();
    [agent, bob, cid] = [
      harness.custody.session(id),
      harness.custody.as('bob').session(id),
      harness.custody.as('cid').session(id),
    ];
  });
  afterEach(() => harness.stop());

  const asked = async (): Promise<ApprovalView> => {
    const { approvals } = await harness.until(agent.id, ({ approvals: all }) => all.length > 0, 'somebody is asked');
    return approvals[0]!;
  };
  const begun = () => harness.journal().filter(({ phase }) => phase === 'begin');

  test('a call waits until another person says yes to what it was shown, and is made once', async () => {
    const call = agent.call('journal.append', { text: 'x' }, { callId: 'a' });
    const approval = await asked();
    expect(approval).toMatchObject({
      id: 'a1',
      kind: 'call',
      subject: { callId: 'a', server: 'journal', tool: 'append' },
      persons: 1,
      requester: 'tester',
      rules: ['appends'],
      why: 'journal.append needs approval by the rule "appends": Appends are looked at by a person.',
    });
    expect(begun()).toEqual([]);
    await expect(agent.approvals.approve('a1', approval.digest)).rejects.toMatchObject({ code: 'APPROVAL_OWN' });
    await expect(bob.approvals.approve('a1', '0'.repeat(64))).rejects.toMatchObject({ code: 'APPROVAL_DIFFERS' });
    await expect(bob.approvals.approve('a7', approval.digest)).rejects.toMatchObject({ code: 'APPROVAL_NOT_FOUND' });
    await bob.approvals.approve('a1', approval.digest, { reason: 'it is fine' });
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    await expect(cid.approvals.approve('a1', approval.digest)).rejects.toMatchObject({ code: 'APPROVAL_ENDED' });
    expect(begun().map(({ tool }) => tool)).toEqual(['append']);
    // The next call is another, and asks anew.
    const next = agent.call('journal.append', { text: 'x' }, { callId: 'b' });
    expect(await asked()).toMatchObject({ id: 'a2' });
    await bob.approvals.reject('a2', { reason: 'once is enough' });
    expect(await next).toMatchObject({
      outcome: 'refused',
      error: { code: 'APPROVAL_REJECTED', message: 'bob rejected it: once is enough' },
    });
    expect(begun()).toHaveLength(1);
  });

  test('approved with other arguments, it is another call that was approved as it is', async () => {
    const call = agent.call('journal.append', { text: 'all' }, { callId: 'a' });
    const { digest } = await asked();
    await bob.approvals.approve('a1', digest, { args: { text: 'less' }, reason: 'less will do' });
    expect(await call).toMatchObject({
      error: {
        code: 'APPROVAL_EDITED',
        message: "bob approved it with other arguments, and the call 'edit/a1' is made instead: less will do",
      },
    });
    expect(await agent.answer('edit/a1')).toMatchObject({ outcome: 'succeeded' });
    expect(begun().map(({ args }) => args)).toEqual([{ text: 'less' }]);
  });

  test('where two must approve, one person counts once', async () => {
    const call = agent.call('journal.upsert', { key: 'k', value: 'two' }, { callId: 'a' });
    const { digest } = await asked();
    await bob.approvals.approve('a1', digest);
    await expect(bob.approvals.approve('a1', digest)).rejects.toMatchObject({ code: 'APPROVAL_TWICE' });
    expect(begun()).toEqual([]);
    await cid.approvals.approve('a1', digest);
    expect(await call).toMatchObject({ outcome: 'succeeded' });
  });

  test('what nobody approves in time is denied', async () => {
    expect(await agent.call('journal.upsert', { key: 'k', value: 'short' })).toMatchObject({
      outcome: 'refused',
      error: { code: 'APPROVAL_EXPIRED' },
    });
    expect(begun()).toEqual([]);
  });

  test('it waits over a restart of the worker, and a change of the rules voids it', async () => {
    const call = agent.call('journal.append', { text: 'x' }, { callId: 'a' });
    const { digest } = await asked();
    await harness.stopWorker();
    await harness.configure({ rules: `${RULES}\n@id("more") permit(principal, action, resource);` });
    await harness.startWorker();
    await agent.pause();
    await agent.resume({ acceptChanges: true });
    const again = await harness.until(agent.id, ({ approvals }) => approvals.some(({ id }) => id === 'a2'));
    expect(again.approvals).toHaveLength(1);
    await expect(bob.approvals.approve('a1', digest)).rejects.toMatchObject({
      code: 'APPROVAL_ENDED',
      message: expect.stringContaining('the rules changed since journal.append (a) was shown'),
    });
    await bob.approvals.approve('a2', again.approvals[0]!.digest);
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect(begun()).toHaveLength(1);
  });

  test('a session that ends asks nobody any more', async () => {
    const call = agent.call('journal.append', { text: 'x' }, { callId: 'a' });
    await asked();
    await agent.complete();
    expect(await call).toMatchObject({ outcome: 'refused', error: { code: 'SESSION_ENDED' } });
    expect(await agent.wait()).toMatchObject({ state: 'COMPLETED', approvals: [] });
    expect(begun()).toEqual([]);
  });
});

describe('P3: commands that others approve', () => {
  test('an extension takes effect once another person says yes', async () => {
    const harness = await Harness.start({ profile: { approvals: { extend: 1, rollback: 1 } } });
    try {
      const session = harness.custody.session(await harness.running());
      const before = await session.describe();
      expect(await session.extend(3_600_000, { reason: 'more to do' })).toMatchObject({ approval: 'a1' });
      const { approvals, deadlineAt } = await session.describe();
      expect(deadlineAt).toBe(before.deadlineAt);
      expect(approvals).toMatchObject([
        { kind: 'extend', requester: 'tester', subject: { command: { ms: 3_600_000 } } },
      ]);
      await harness.custody.as('bob').session(session.id).approvals.approve('a1', approvals[0]!.digest);
      expect(Date.parse((await session.describe()).deadlineAt ?? '')).toBe(
        Date.parse(before.deadlineAt ?? '') + 3_600_000,
      );
      // What cannot be done is not even asked.
      await expect(session.rollback({ to: 'nowhere' })).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
    } finally {
      await harness.stop();
    }
  });
});
