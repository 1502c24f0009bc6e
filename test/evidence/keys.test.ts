import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { skeyOf, vkeyOf } from '../../audit/tlog/note/keys.ts';
import { signerFrom } from '../../audit/tlog/note/sign.ts';
import { newDeploymentKey } from '../../keys/key.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { Harness, type HarnessOptions } from '../support/harness.ts';

async function start(options: HarnessOptions = {}): Promise<Harness> {
  const { skey } = await signingKey();
  const files = { 'evidence.key': skey as never };
  const harness = await Harness.start({ config: { evidence: EVIDENCE }, files, ...options });
  onTestFinished(() => harness.stop());
  return harness;
}

const append = (harness: Harness, id: string, callId: string) =>
  harness.custody.session(id).call('journal.append', { text: callId }, { callId });

test('A4: a log goes on under another key where custody.yaml names the one before', async () => {
  const harness = await start();
  const id = await harness.running();
  await append(harness, id, 'one');
  const first = await harness.custody.evidence.seal(id);
  await harness.stopWorker();
  const seed = new Uint8Array(32).fill(11);
  const { verifier } = await signerFrom('custody.test/next', seed);
  await harness.write('evidence.key', skeyOf({ ...verifier, seed }));
  await harness.startWorker();
  expect(await harness.custody.evidence.seal(id)).toMatchObject({ failing: { code: 'NOTE_UNSIGNED' } });
  await harness.stopWorker();
  const config = JSON.parse(await readFile(join(harness.dir, 'custody.yaml'), 'utf8')) as object;
  const before = [vkeyOf((await signingKey()).verifier)];
  await harness.write('custody.yaml', { ...config, evidence: { ...EVIDENCE, before } });
  await harness.startWorker();
  await append(harness, id, 'two');
  const { size, failing } = await harness.custody.evidence.seal(id);
  expect(failing).toBeUndefined();
  expect(size).toBeGreaterThan(first.size);
  expect(await verified(harness, id)).toMatchObject({ isSound: true, log: { size }, opened: size });
  await harness.custody.session(id).cancel({ reason: 'enough' });
});

test('A4, A6: an encrypted session is sealed as a plain one is, and its records are derived again', async () => {
  const key = newDeploymentKey();
  const harness = await start({
    keys: [key],
    worker: { deployment: { keys: [key], encryption: 'on' } },
  });
  const id = await harness.running();
  await append(harness, id, 'one');
  await harness.custody.session(id).complete({ reason: 'done' });
  await harness.until(id, ({ state }) => state === 'COMPLETED');
  const { size, isWhole } = await harness.custody.evidence.seal(id);
  const { isSound, counts, opened, derived } = await verified(harness, id);
  expect({ isWhole, isSound, counts, opened, derived }).toEqual({
    isWhole: true,
    isSound: true,
    counts: { UNWITNESSED: 1 },
    opened: size,
    derived: size,
  });
});
