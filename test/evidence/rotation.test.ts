import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { skeyOf, vkeyOf } from '../../audit/tlog/note/keys.ts';
import { signerFrom } from '../../audit/tlog/note/sign.ts';
import { sealId } from '../../workflows/messages.ts';
import { custody } from '../cli/harness.ts';
import { EVIDENCE } from '../support/evidence/sealing.ts';
import { eventually, Harness } from '../support/harness.ts';

/** One deployment has one name, and each of its keys an id. */
async function keyOf(seedByte: number): Promise<{ readonly skey: string; readonly vkey: string }> {
  const seed = new Uint8Array(32).fill(seedByte);
  const { verifier } = await signerFrom('example.com/custody', seed);
  return { skey: skeyOf({ ...verifier, seed }), vkey: vkeyOf(verifier) };
}

const idOf = (vkey: string): string => vkey.split('+').slice(0, 2).join('+');

async function begun(harness: Harness): Promise<string> {
  const id = await harness.running();
  await harness.custody.session(id).call('journal.append', { text: 'one' }, { callId: 'one' });
  await harness.custody.evidence.seal(id);
  return id;
}

async function ended(harness: Harness, id: string): Promise<void> {
  await harness.custody.session(id).complete({ reason: 'done' });
  await harness.custody.temporal.workflow.getHandle(sealId(id)).result();
}

test('A4: under a new key logs go on; who trusts both has all of it, and who trusts one is told whose', async () => {
  const [first, second] = [await keyOf(21), await keyOf(22)];
  const harness = await Harness.start({ config: { evidence: EVIDENCE }, files: { 'evidence.key': first.skey } });
  onTestFinished(() => harness.stop());
  const [closed, open] = [await begun(harness), await begun(harness)];
  await ended(harness, closed);
  const log = join(harness.dir, 'evidence/default/log', harness.custody.taskQueue);
  const verify = (path: string, ...trust: readonly string[]) =>
    custody(['verify', path, '--archive', ...trust.flatMap((key) => ['--trust', key])]);
  const listing = (sessions: number, ...trust: readonly string[]) =>
    eventually(async () => {
      const { code, stdout } = await verify(log, ...trust);
      return code === 0 && stdout.startsWith(`SOUND: ${sessions} sessions of `);
    }, 'the log of the namespace is sound');
  await listing(2, first.vkey);

  await harness.stopWorker();
  await harness.write('evidence.key', second.skey);
  const config = JSON.parse(await readFile(join(harness.dir, 'custody.yaml'), 'utf8')) as object;
  await harness.write('custody.yaml', { ...config, evidence: { ...EVIDENCE, before: [first.vkey] } });
  await harness.startWorker();
  await ended(harness, open);
  const last = await begun(harness);
  await ended(harness, last);

  // A list of keys is a file with a line for each.
  const list = join(harness.dir, 'evidence.vkeys');
  await harness.write('evidence.vkeys', `# until 2026\n${first.vkey}\n\n# since\n${second.vkey}\n`);
  await listing(3, list);
  await listing(3, first.vkey, second.vkey);
  const sessionOf = (id: string): string => join(harness.dir, 'evidence/default/sessions', id);
  const sound = { code: 0, stdout: expect.stringMatching(/^SOUND: /) };
  for (const id of [closed, open, last]) expect(await verify(sessionOf(id), list)).toMatchObject(sound);

  const unsound = (...parts: readonly string[]) => ({
    code: 1,
    stdout: expect.stringMatching(`^NOT SOUND: [^]*${parts.join('[^]*').replaceAll('+', '\\+')}`),
  });
  const signedBy = (vkey: string): string => `Signatures are there of ${idOf(vkey)}`;
  // What went on under the second key is signed with that alone, from its first record on.
  expect(await verify(sessionOf(open), second.vkey)).toMatchObject(sound);
  expect(await verify(sessionOf(open), first.vkey)).toMatchObject(
    unsound('MANIFEST_INVALID', signedBy(second.vkey), 'CHECKPOINT_INVALID', signedBy(second.vkey)),
  );
  expect(await verify(sessionOf(closed), second.vkey)).toMatchObject(unsound('MANIFEST_INVALID', signedBy(first.vkey)));
  expect(await verify(log, first.vkey)).toMatchObject(unsound('CHECKPOINT_INVALID', signedBy(second.vkey)));
  expect(await verify(log, second.vkey)).toMatchObject(unsound('SESSION_DIFFERS', closed, signedBy(first.vkey)));
});
