import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { sealId } from '../../workflows/messages.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { eventually, Harness } from '../support/harness.ts';
import { resetSession } from '../support/reset.ts';

let harness: Harness;
beforeAll(async () => {
  const { skey } = await signingKey();
  harness = await Harness.start({ config: { evidence: EVIDENCE }, files: { 'evidence.key': skey } });
});
afterAll(() => harness?.stop());

const append = (id: string, callId: string) =>
  harness.custody.session(id).call('journal.append', { text: callId }, { callId });

/** The memo of what seals a session. */
async function sealedMemo(id: string): Promise<Sealed | undefined> {
  const { memo } = await harness.custody.temporal.workflow.getHandle(sealId(id)).describe();
  return memo?.sealed as Sealed | undefined;
}

describe('A4: a session is sealed', () => {
  test('by itself, to its last event, and its records are derived again from what was sealed', async () => {
    const id = await harness.running();
    await append(id, 'one');
    await harness.custody.session(id).complete({ reason: 'done' });
    await harness.until(id, ({ state }) => state === 'COMPLETED');
    const whole = (await harness.custody.temporal.workflow.getHandle(sealId(id)).result()) as Sealed;
    const { isSound, counts, log, opened, derived } = await verified(harness, id);
    expect({ isSound, counts }).toEqual({ isSound: true, counts: { UNWITNESSED: 1 } });
    expect([log?.size, opened, derived]).toEqual([whole.size, whole.size, whole.size]);
    let records = 0;
    for await (const _ of harness.custody.evidence.records(id)) records += 1;
    expect(whole).toMatchObject({ isWhole: true, size: records });
  });

  test('while it goes on, as often as somebody asks, each time as a continuation of what was sealed', async () => {
    const id = await harness.running();
    await append(id, 'first');
    const first = await harness.custody.evidence.seal(id);
    await append(id, 'second');
    const second = await harness.custody.evidence.seal(id);
    expect(second.size).toBeGreaterThan(first.size);
    expect(second.isWhole).toBe(false);
    expect(await verified(harness, id)).toMatchObject({ isSound: true, log: { size: second.size, root: second.root } });
    await harness.custody.session(id).cancel({ reason: 'enough' });
  });

  test('over continue-as-new, with the history of each run that is over', async () => {
    const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 40 } });
    for (let index = 0; index < 10; index += 1) await append(id, `c${index}`);
    const { runs } = await harness.custody.session(id).describe();
    expect(runs).toBeGreaterThan(1);
    const { size } = await harness.custody.evidence.seal(id);
    const { isSound, counts, opened, bundle } = await verified(harness, id);
    expect({ isSound, counts, opened }).toEqual({
      isSound: true,
      counts: { UNWITNESSED: 1, HISTORY_ABSENT: 1 },
      opened: size,
    });
    expect([...bundle.files.keys()].filter((path) => path.startsWith('private/histories/'))).toHaveLength(runs - 1);
    await harness.custody.session(id).cancel({ reason: 'enough' });
  });

  test('past a reset: what was sealed of what it threw away stays', async () => {
    const id = await harness.running();
    await append(id, 'kept');
    await append(id, 'thrown-away');
    const before = await harness.custody.evidence.seal(id);
    await resetSession(harness.custody.temporal, id, (tasks) => tasks[2]);
    await harness.until(id, ({ state }) => state === 'PAUSED');
    const after = await harness.custody.evidence.seal(id);
    expect(after.size).toBeGreaterThan(before.size);
    const { isSound, opened } = await verified(harness, id);
    expect({ isSound, opened }).toEqual({ isSound: true, opened: after.size });
  });

  test('once its archive can be written again; until then it is told why it is not', async () => {
    const id = await harness.running();
    const [archive, aside] = [join(harness.dir, 'evidence'), join(harness.dir, 'aside')];
    await harness.custody.evidence.seal(id);
    await rename(archive, aside);
    await writeFile(archive, 'no folder');
    await append(id, 'unsealed');
    expect(await harness.custody.evidence.seal(id)).toMatchObject({ failing: { code: 'EVIDENCE_CONFLICT' } });
    await eventually(async () => (await sealedMemo(id))?.failing, 'the memo says so');
    await rm(archive);
    await rename(aside, archive);
    const { size, failing } = await harness.custody.evidence.seal(id);
    expect(failing).toBeUndefined();
    expect(await verified(harness, id)).toMatchObject({ isSound: true, log: { size } });
    expect(await sealedMemo(id)).toMatchObject({ size });
    await harness.custody.session(id).cancel({ reason: 'enough' });
  });
});
