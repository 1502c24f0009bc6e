import { describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { ann, as, bot, eve, everybody, setStage, stage, timeline, write } from './stage.ts';

setStage({ proof: { start: true, fork: true, resume: false } });

/** A session that somebody started who proved it. */
async function started(): Promise<string> {
  const { id } = await as(ann).start(stage.spec(), { reason: 'the monthly report' });
  await stage.until(id, ({ state }) => state === 'RUNNING');
  return id;
}
const endOf = (id: string) => stage.custody.session(id).wait();

describe('A5: a start', () => {
  test('that is signed says who started the session and why, in show, the list and the first record', async () => {
    const id = await started();
    const proof = { person: 'ann.smith', roles: ['operator', 'approver'], key: ann.id, list: expect.any(String) };
    const view = await stage.custody.session(id).describe();
    expect(view.startedBy).toEqual({ actor: 'ann', reason: 'the monthly report', standing: 'proven', proof });
    const [start, first] = await timeline(id);
    expect(start).toMatchObject({ kind: 'started', by: 'ann' });
    expect(first).toMatchObject({ kind: 'governance', record: 1, by: 'ann', standing: 'proven', proof });
    expect(first?.text).toMatch(/, principals [0-9a-f]{12}: the monthly report$/);
    const listed = await until('listed', async () => {
      for await (const each of stage.custody.list()) if (each.id === id && each.standing !== null) return each;
      return undefined;
    });
    expect(listed).toMatchObject({ startedBy: 'ann', standing: 'proven', reason: 'the monthly report' });
  });

  test('that needs a proof and has none, or a bad one, is refused by code before any server is opened', async () => {
    const { id } = await stage.custody.start(stage.spec());
    expect(await endOf(id)).toMatchObject({ state: 'FAILED', code: 'PROOF_MISSING', servers: [] });
    const second = await as(eve).start(stage.spec());
    expect(await endOf(second.id)).toMatchObject({ state: 'FAILED', code: 'ROLE_MISSING' });
    const third = await as(ann, 'bot').start(stage.spec());
    expect(await endOf(third.id)).toMatchObject({ state: 'FAILED', code: 'ACTOR_MISMATCH' });
    try {
      await write({ ...everybody(), bot: { roles: ['agent'], keys: [{ key: bot.publicKey, revoked: true }] } });
      const fourth = await as(bot).start(stage.spec());
      expect(await endOf(fourth.id)).toMatchObject({ state: 'FAILED', code: 'KEY_REVOKED' });
    } finally {
      await write(everybody());
    }
  });

  test('with what another start signed, or with a word that it was checked, is refused', async () => {
    const id = await started();
    const { history } = await stage.custody.temporal.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId: id },
      maximumPageSize: 1,
    });
    const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    const input = JSON.parse(Buffer.from(payload!.data!).toString()) as {
      readonly spec: object;
      readonly by: { readonly actor: string; readonly reason: string; readonly proof: object };
    };
    expect(input.by.proof).toEqual({ key: ann.id, at: expect.any(Number), signature: expect.any(String) });
    const startWith = async (args: object): Promise<unknown> => {
      const workflowId = `by-hand-${crypto.randomUUID()}`;
      const { taskQueue, temporal } = stage.custody;
      await temporal.workflow.start('custodySession', { workflowId, taskQueue, args: [args] });
      return endOf(workflowId);
    };
    expect(await startWith(input)).toMatchObject({ code: 'PROOF_INVALID' });
    const proven = { person: 'ann', roles: ['operator'], key: ann.id, list: 'x' };
    const { proof: _, ...by } = input.by;
    expect(await startWith({ ...input, by: { ...by, proven } })).toMatchObject({ code: 'PROOF_MISSING' });
  });
});

describe('A5: a session that is brought back, or forked', () => {
  test('recover needs a proof, which is on record; a refused one leaves the session as it was', async () => {
    const id = await started();
    await stage.custody.temporal.workflow.getHandle(id).terminate('by mistake');
    await expect(stage.custody.session(id).recover({ reason: 'x' })).rejects.toMatchObject({ code: 'PROOF_MISSING' });
    await expect(as(eve).session(id).recover({ reason: 'x' })).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    expect(await as(ann).session(id).recover({ reason: 'it was a mistake' })).toMatchObject({ state: 'PAUSED' });
    const recovered = (await timeline(id)).find(({ kind }) => kind === 'recovered');
    expect(recovered).toMatchObject({ by: 'ann', standing: 'proven', proof: { key: ann.id } });
  });

  test('fork needs a proof where the profile says so', async () => {
    const id = await started();
    await stage.custody.session(id).checkpoint('here');
    await expect(stage.custody.session(id).fork({ at: 'here' })).rejects.toMatchObject({ code: 'PROOF_MISSING' });
    const fork = await as(ann).session(id).fork({ at: 'here', reason: 'the other layout' });
    expect((await fork.describe()).startedBy).toMatchObject({ actor: 'ann', standing: 'proven' });
    expect((await timeline(fork.id)).find(({ kind }) => kind === 'forked')).toMatchObject({ standing: 'proven' });
  });

  test('by profile a plain signal may resume, and is on record as claimed', async () => {
    const id = await started();
    const handle = stage.custody.temporal.workflow.getHandle(id);
    await handle.signal('pause', { actor: 'ann', reason: 'by hand' });
    await stage.until(id, ({ state }) => state === 'PAUSED');
    await handle.signal('resume', { actor: 'ann', reason: 'by hand' });
    await stage.until(id, ({ state }) => state === 'RUNNING');
    const resumed = (await timeline(id)).find(({ text }) => text.startsWith('PAUSED -> RESUMING'));
    expect(resumed).toMatchObject({ by: 'ann', standing: 'claimed', proof: null });
  });

  test('an agent with a key is proven as it attaches and saves, and claimed in its calls', async () => {
    const id = await started();
    const agent = as(bot).session(id);
    await agent.attach({ reason: 'back again' });
    await agent.saveState({ step: 1 });
    await agent.call('journal.lookup', { key: 'k' });
    const entries = (await timeline(id)).filter(({ by }) => by === 'bot');
    const standing = (kind: string) => entries.find((each) => each.kind === kind)?.standing;
    expect([standing('attached'), standing('state-saved'), standing('attempt')]).toEqual([
      'proven',
      'proven',
      'claimed',
    ]);
    expect((await stage.custody.session(id).describe()).agentState).toMatchObject({ actor: 'bot', standing: 'proven' });
  });
});
