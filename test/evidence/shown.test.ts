import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadOperatorConfig } from '../../config/operator.ts';
import { namespaceLogId, SEAL_TYPE, sealId } from '../../workflows/messages.ts';
import { custody } from '../cli/harness.ts';
import { EVIDENCE, signingKey } from '../support/evidence/sealing.ts';
import { eventually, Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

let harness: Harness;
beforeAll(async () => {
  const { skey } = await signingKey();
  harness = await Harness.start({ config: { evidence: EVIDENCE }, files: { 'evidence.key': skey } });
});
afterAll(() => harness?.stop());

const show = async (id: string): Promise<string> => {
  const { code, stdout, stderr } = await custody(['show', id, '--address', temporalAddress()]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

const completed = async (id: string): Promise<void> => {
  await harness.custody.session(id).complete({ reason: 'done' });
  await harness.custody.session(id).wait();
};

const sealing = (id: string) => harness.custody.evidence.sealing(id);
const sealer = (id: string) => harness.custody.temporal.workflow.getHandle(sealId(id));

describe('A4, U4: custody show says how far a session is sealed', () => {
  test('while it goes on, and that all of it is once it ended', async () => {
    const id = await harness.running();
    const { size } = await harness.custody.evidence.seal(id);
    expect(await show(id)).toMatch(new RegExp(`\\n  sealed    ${size} records at \\d{4}-\\S+Z\\n`));
    await completed(id);
    const whole = (await sealer(id).result()) as { readonly size: number };
    const said = await show(id);
    expect(said).toMatch(new RegExp(`\\n  sealed    all of it, ${whole.size} records at `));
    expect(said).not.toContain('custody audit seal');
    const { stdout } = await custody(['show', id, '--json', '--address', temporalAddress()]);
    expect(JSON.parse(stdout)).toMatchObject({ id, sealing: { sealed: { isWhole: true }, unsealed: null } });
  });

  test('and why the last of one that is over is not, with the command that seals it', async () => {
    const id = await harness.running();
    const { size } = await harness.custody.evidence.seal(id);
    const [keys, aside] = [join(harness.dir, 'keys'), join(harness.dir, 'aside')];
    await rename(keys, aside);
    await writeFile(keys, 'no folder');
    await completed(id);
    await eventually(async () => (await sealing(id))?.unsealed?.code === 'EVIDENCE_UNAVAILABLE', 'it fails');
    const said = await show(id);
    expect(said).toMatch(
      new RegExp(`\\n  sealed    not to its end: ${size} records at \\S+; then EVIDENCE_UNAVAILABLE: The key \\S`),
    );
    expect(said).toContain(`$ custody audit seal ${id} --out ${id}.evidence`);
    await rm(keys);
    await rename(aside, keys);
    expect(await harness.custody.evidence.seal(id)).toMatchObject({ isWhole: true });
    expect(await show(id)).toContain('sealed    all of it');
  });

  test('also where what seals it was ended in Temporal, or no worker seals', async () => {
    const id = await harness.running();
    await harness.custody.evidence.seal(id);
    await harness.stopWorker();
    const { evidence: _, ...config } = await loadOperatorConfig(join(harness.dir, 'custody.yaml'));
    await sealer(id).terminate('a mistake');
    await harness.startWorker({ config });
    await completed(id);
    expect(await sealing(id)).toMatchObject({
      unsealed: {
        code: 'NOT_SEALED',
        message: `The workflow ${sealId(id)}, which seals it, is TERMINATED in Temporal.`,
      },
    });
    const unseen = await harness.running();
    expect(await show(unseen)).toContain('  sealed    nothing yet\n');
    await completed(unseen);
    expect(await show(unseen)).toContain(
      '  sealed    not to its end: nothing yet; then NOT_SEALED: No worker that seals saw it.\n',
    );
  });

  test('but nothing where nobody does', async () => {
    const other = await Harness.start();
    try {
      const id = await other.running();
      await expect(
        harness.custody.temporal.workflow.getHandle(namespaceLogId(other.custody.taskQueue)).describe(),
      ).rejects.toThrow();
      expect(await other.custody.evidence.sealing(id)).toBeNull();
      expect(await show(id)).not.toContain('sealed');
      const { taskQueue, temporal } = other.custody;
      await temporal.workflow.start(SEAL_TYPE, { workflowId: sealId(id), taskQueue, args: [{}] });
      await other.custody.session(id).complete({ reason: 'done' });
      await other.custody.session(id).wait();
      expect(await other.custody.evidence.sealing(id)).toMatchObject({ sealed: null, unsealed: { code: 'NO_WORKER' } });
      await sealer(id).terminate('nobody seals');
    } finally {
      await other.stop();
    }
    await expect(harness.custody.evidence.sealing('nobody')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });
});
