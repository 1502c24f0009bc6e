import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { COSIGNATURE, vkeyOf } from '../../../audit/tlog/note/keys.ts';
import { checkpointText, verifyCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { proofBytes, verifyProof } from '../../../audit/tlog/note/proofFile.ts';
import { signed, signerFrom } from '../../../audit/tlog/note/sign.ts';
import { verifyNote } from '../../../audit/tlog/note/verify.ts';
import { skeyOf } from '../../../audit/tlog/note/keys.ts';
import { bundleOf } from '../../../audit/tlog/tiles/bundle.ts';
import { filesFrom } from '../../../audit/tlog/tiles/files.ts';
import { nodesIn } from '../../../audit/tlog/tiles/nodes.ts';
import { rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { inclusionProof } from '../../../audit/tlog/tree/proofs.ts';
import { logcheck, logcheckBytes, withoutGo, writeLog } from '../go/logcheck.ts';
import { bytes, entriesUpTo, FAST, logOf } from './place.ts';

const ORIGIN = 'custody/default/s-1';
const SEED = new Uint8Array(32).fill(7);
const WITNESS_SEED = new Uint8Array(32).fill(9);
const signer = await signerFrom(ORIGIN, SEED);
const witness = await signerFrom('witness.example/w1', WITNESS_SEED, COSIGNATURE);
const [VKEY, WITNESS] = [vkeyOf(signer.verifier), vkeyOf(witness.verifier)];
const skey = (name: typeof signer, seed: typeof SEED): string => skeyOf({ ...name.verifier, seed });

const folders: string[] = [];
const folder = async (): Promise<string> => {
  folders.push(await mkdtemp(join(tmpdir(), 'custody-log-')));
  return folders.at(-1) as string;
};
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

beforeEach(({ skip }) => {
  if (withoutGo !== undefined) skip(withoutGo);
});

/** A log in a folder, signed. */
async function written(batches: readonly number[]) {
  const { tree, files } = logOf(batches);
  const checkpoint = await signed(
    checkpointText({ origin: ORIGIN, size: tree.size, root: rootOf(tree, FAST) }),
    [signer, witness],
    1_700_000_000,
  );
  const at = await folder();
  await writeLog(at, [...files.values(), { path: 'checkpoint', bytes: checkpoint }]);
  return { at, tree, files: filesFrom(files.values()), checkpoint };
}

describe('A4: a log that Custody wrote is verified by programs that are not ours', () => {
  test.each([
    [[]],
    [[1]],
    [[255]],
    [[256]],
    [[257]],
    [[1, 2, 3, 250, 300]],
    [[512, 1]],
    [[65_536]],
    [[65_000, 1000, 4001]],
  ])('after appending %j entries: golang.org/x/mod and the fsck of tessera', async (batches) => {
    const { at, tree } = await written(batches);
    expect(await logcheck('log', at, ORIGIN, VKEY)).toBe(`OK ${tree.size} entries`);
    expect(await logcheck('fsck', at, ORIGIN, VKEY)).toMatch(/^OK \d+ resources$/);
    expect(await logcheck('note', join(at, 'checkpoint'), VKEY, WITNESS)).toBe(
      `OK ${ORIGIN}+${signer.verifier.id} ${witness.verifier.name}+${witness.verifier.id}@1700000000`,
    );
  });

  test('the hash tiles are, byte for byte, those that golang.org/x/mod makes of the same entries', async () => {
    const { files, tree } = logOf([3, 300, 513, 1200]);
    const at = await folder();
    await writeFile(join(at, 'entries'), bundleOf(entriesUpTo(tree.size)));
    expect(await logcheck('build', join(at, 'entries'), at)).toBe(Buffer.from(rootOf(tree, FAST)).toString('hex'));
    for (const path of ['tile/0/000', 'tile/0/007.p/224', 'tile/1/000.p/7'])
      expect(await readFile(join(at, path))).toEqual(Buffer.from(files.get(path)?.bytes ?? []));
  });

  test('proof files of single entries, made here and made there', async () => {
    const { at, tree, files, checkpoint } = await written([70, 530]);
    const [proofFile, entryFile] = [join(at, 'one.tlog-proof'), join(at, 'entry')];
    for (const index of [0, 69, 255, 256, 511, 512, 599]) {
      const entry = entriesUpTo(1, index)[0] as Uint8Array;
      const hashes = inclusionProof(index, tree.size, nodesIn(tree.size, files, FAST), FAST);
      const proof = proofBytes({ index, hashes, checkpoint });
      await writeFile(proofFile, proof);
      await writeFile(entryFile, entry);
      expect(await logcheck('proof', proofFile, entryFile, ORIGIN, VKEY)).toBe(`OK ${index} of 600`);
      const theirs = await logcheckBytes('prove', at, String(index));
      expect(theirs.equals(proof)).toBe(true);
      const trust = { origin: ORIGIN, keys: [signer.verifier], witnesses: [witness.verifier] };
      expect((await verifyProof(theirs, FAST.leaf(entry), trust, FAST)).checkpoint.size).toBe(600);
      await writeFile(entryFile, bytes('another entry'));
      expect(await logcheck('proof', proofFile, entryFile, ORIGIN, VKEY)).toMatch(/^LOG_CONTRADICTS /);
    }
  });

  test('notes and cosignatures that Go signs are verified here', async () => {
    const at = await folder();
    const text = checkpointText({ origin: ORIGIN, size: 5, root: new Uint8Array(32) });
    await writeFile(join(at, 'text'), text);
    const note = await logcheckBytes('sign', join(at, 'text'), skey(signer, SEED), skey(witness, WITNESS_SEED));
    const { verified } = await verifyNote(note, [witness.verifier, signer.verifier]);
    expect(verified.map(({ verifier }) => verifier.name)).toEqual([ORIGIN, 'witness.example/w1']);
    expect(verified[1]?.time).toBeGreaterThan(1_700_000_000);
    const trust = { origin: ORIGIN, keys: [signer.verifier], witnesses: [witness.verifier] };
    expect((await verifyCheckpoint(note, trust)).checkpoint.size).toBe(5);
    // Ed25519 signs the same text the same way.
    const plain = await logcheckBytes('sign', join(at, 'text'), skey(signer, SEED));
    expect(plain.toString()).toBe(Buffer.from(await signed(text, [signer])).toString());
  });
});
