import { describe, expect, test } from 'vitest';
import { commandUpdate } from '../../../workflows/messages.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { entryOf, somebody } from '../../support/identity/people.ts';
import { ann, as, bot, eve, everybody, running, setStage, stage, timeline, write } from './stage.ts';

setStage();

const handleOf = (id: string) => stage.custody.temporal.workflow.getHandle(id);

/** An `extend` as its sender would send it, and whatever is changed of it on the way. */
function signedBy(who: typeof ann, session: string, fields: JsonObject = {}, place: object = {}) {
  const input = { actor: who.name, commandId: crypto.randomUUID(), reason: 'more time', by: '1h', ...fields };
  const { actor, commandId } = input as { actor: string; commandId: string };
  const subject = { namespace: 'default', session, act: 'extend', commandId, actor, ...place };
  return { ...input, proof: { ...who.signer.prove(subject, input) } };
}

const give = async (id: string, input: object): Promise<string> => {
  const reply = await handleOf(id).executeUpdate(commandUpdate('extend'), { args: [input] });
  return reply.ok ? 'ok' : reply.refusal.code;
};

describe('A5: a command that is signed', () => {
  test('takes effect, and is proven wherever its actor is named', async () => {
    const id = await running();
    const proof = { person: 'ann.smith', roles: ['operator', 'approver'], key: ann.id, list: expect.any(String) };
    const before = await stage.custody.session(id).describe();
    const reply = await as(ann).session(id).extend(3_600_000, { reason: 'the review takes longer' });
    expect(reply).toMatchObject({ ok: true, proof });
    expect(Date.parse(reply.deadlineAt!) - Date.parse(before.deadlineAt!)).toBe(3_600_000);
    const entries = await timeline(id);
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'extended', by: 'ann', standing: 'proven', proof }));
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'command', by: 'ann', standing: 'proven', record: reply.record }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'proof', by: 'ann', text: expect.stringContaining(`key ${ann.id}: ann.smith`) }),
    );
    expect(entries[0]).toMatchObject({ kind: 'started', by: 'tester', standing: 'claimed' });
  });

  test('is needed for what changes what was decided, and for no pause: that is anybody’s by plain signal', async () => {
    const id = await running();
    const claimed = stage.custody.session(id);
    expect((await claimed.describe()).needsProof).toEqual([
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
    ]);
    await expect(claimed.extend(1000)).rejects.toMatchObject({
      code: 'PROOF_MISSING',
      message: expect.stringContaining("'tester' is only claimed"),
      remedy: expect.stringContaining('--key'),
    });
    await expect(claimed.rollback()).rejects.toMatchObject({ code: 'PROOF_MISSING' });
    await handleOf(id).signal('rollback', { actor: 'ann', reason: 'by hand' });
    await handleOf(id).signal('pause', { actor: 'ann', reason: 'by hand' });
    await stage.until(id, ({ state }) => state === 'PAUSED');
    await handleOf(id).signal('resume', { actor: 'ann', reason: 'by hand' });
    expect(await as(ann).session(id).resume({ reason: 'all is well' })).toMatchObject({ state: 'RESUMING' });
    await stage.until(id, ({ state }) => state === 'RUNNING');
    const entries = await timeline(id);
    const moves = entries.filter(({ kind }) => kind === 'transition').map(({ by, standing }) => [by, standing]);
    expect(moves).toEqual([
      ['custody', null],
      ['ann', 'claimed'],
      ['ann', 'proven'],
      ['custody', null],
    ]);
    const refused = entries.filter(({ kind, text }) => kind === 'refused' && text.includes('PROOF_MISSING'));
    expect(refused.map(({ by, text }) => `${by} ${text.split(':')[0]}`)).toEqual([
      'tester extend',
      'tester rollback',
      'ann rollback',
      'ann resume',
    ]);
  });

  test('and forged, changed, of another session, by a wrong key, name or role, is refused by code', async () => {
    const [id, other] = [await running(), await running()];
    const stranger = await somebody('ann');
    const input = signedBy(ann, id);
    const zeros = '0'.repeat(128);
    expect(await give(id, { ...input, proof: { ...input.proof, signature: zeros } })).toBe('PROOF_INVALID');
    expect(await give(id, { ...input, by: '9h' })).toBe('PROOF_INVALID');
    expect(await give(id, { ...input, reason: 'another' })).toBe('PROOF_INVALID');
    expect(await give(id, { ...input, commandId: 'another' })).toBe('PROOF_INVALID');
    expect(await give(id, { ...input, actor: 'bot' })).toBe('PROOF_INVALID');
    expect(await give(other, input)).toBe('PROOF_INVALID');
    expect(await give(id, signedBy(ann, id, {}, { namespace: 'elsewhere' }))).toBe('PROOF_INVALID');
    expect(await give(id, signedBy(ann, id, {}, { act: 'rollback' }))).toBe('PROOF_INVALID');
    expect(await give(id, signedBy(stranger, id))).toBe('KEY_UNKNOWN');
    expect(await give(id, signedBy({ ...eve, name: 'ann' }, id))).toBe('ACTOR_MISMATCH');
    for (const actor of ['аnn', 'ann\u200b', 'Ann', 'ann\u202e', 'a\u0301nn'])
      expect(await give(id, signedBy({ ...ann, name: actor }, id)), JSON.stringify(actor)).toBe('ACTOR_MISMATCH');
    await expect(as(eve).session(id).extend(1000)).rejects.toMatchObject({
      code: 'ROLE_MISSING',
      message: "'extend' needs the role operator, and 'eve' has auditor.",
    });
    await expect(as(bot).session(id).rollback()).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    expect(await give(id, input)).toBe('ok');
  });

  test('that is sent again, as update or as signal, is the same command and changes nothing', async () => {
    const id = await running();
    const input = signedBy(ann, id);
    expect(await give(id, input)).toBe('ok');
    const { deadlineAt } = await stage.custody.session(id).describe();
    expect(await give(id, input)).toBe('ok');
    await handleOf(id).signal('extend', input);
    await stage.custody.session(id).pause();
    expect((await stage.custody.session(id).describe()).deadlineAt).toBe(deadlineAt);
    expect((await timeline(id)).filter(({ kind }) => kind === 'extended')).toHaveLength(1);
  });

  test('by a signal is one like any other', async () => {
    const id = await running();
    await handleOf(id).signal('extend', signedBy(ann, id));
    await stage.until(id, () => true);
    await expect
      .poll(async () => (await timeline(id)).find(({ kind }) => kind === 'extended'), { timeout: 10_000 })
      .toMatchObject({ by: 'ann', standing: 'proven' });
  });

  test('is checked by the list as it is now: keys are added and revoked while sessions run', async () => {
    const id = await running();
    const next = await somebody('ann');
    await expect(as(next).session(id).extend(1000)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
    const keys = (first: object) => [{ key: ann.publicKey, ...first }, { key: next.publicKey }];
    const list = (first: object) => ({ ...everybody(), ann: { roles: ['operator'], keys: keys(first) } });
    try {
      await write(list({}));
      await as(next).session(id).extend(1000);
      await as(ann).session(id).extend(1000);
      await write(list({ revoked: true }));
      await expect(as(ann).session(id).extend(1000)).rejects.toMatchObject({ code: 'KEY_REVOKED' });
      await write(list({ until: '2020-01-01' }));
      await expect(as(ann).session(id).extend(1000)).rejects.toMatchObject({ code: 'KEY_EXPIRED' });
      await as(next).session(id).extend(1000);
      const lists = (await timeline(id)).flatMap(({ kind, proof }) =>
        kind === 'extended' && proof ? [proof.list] : [],
      );
      expect(new Set(lists).size).toBe(2 + 0);
    } finally {
      await write(everybody());
    }
  });

  test('and cannot be checked, the list being broken, is refused; without need of a proof it is claimed', async () => {
    const id = await running();
    try {
      await stage.write('principals.yaml', 'principals: {');
      await expect(as(ann).session(id).extend(1000)).rejects.toMatchObject({ code: 'PRINCIPALS_INVALID' });
      const reply = await as(ann).session(id).pause({ reason: 'stop' });
      expect(reply).toMatchObject({ state: 'PAUSED' });
      expect(reply.proof).toBeUndefined();
    } finally {
      await write({ ...everybody() });
    }
    await as(ann).session(id).resume({ reason: 'on' });
  });

  test('by one person under two names is by one person', async () => {
    const id = await running();
    const second = await somebody('ann-at-home');
    try {
      await write({ ...everybody(), ...entryOf(second, ['operator'], { person: 'ann.smith' }) });
      const replies = [await as(ann).session(id).extend(1000), await as(second).session(id).extend(1000)];
      expect(replies.map(({ proof }) => proof?.person)).toEqual(['ann.smith', 'ann.smith']);
      expect(replies.map(({ proof }) => proof?.key)).toEqual([ann.id, second.id]);
    } finally {
      await write(everybody());
    }
  });

  test('waits for its proof over continue-as-new, and so does what came after it', async () => {
    const { id } = await stage.custody.start(stage.spec(), { tuning: { eventsPerRun: 40 } });
    await stage.until(id, ({ state }) => state === 'RUNNING');
    const before = Date.parse((await stage.custody.session(id).describe()).deadlineAt!);
    for (let n = 0; n < 12; n += 1)
      await Promise.all([
        as(ann).session(id).extend(1000),
        stage.custody.session(id).call('journal.lookup', { key: `k${n}` }),
      ]);
    const view = await stage.custody.session(id).describe();
    expect(view.runs).toBeGreaterThan(1);
    expect(Date.parse(view.deadlineAt!) - before).toBe(12_000);
    expect((await timeline(id)).filter(({ kind }) => kind === 'extended')).toHaveLength(12);
  });
});
