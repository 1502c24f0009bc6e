import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointText, parseCheckpoint, verifyCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { COSIGNATURE } from '../../../audit/tlog/note/keys.ts';
import { parseProof, proofBytes, verifyProof } from '../../../audit/tlog/note/proofFile.ts';
import { signed, signerFrom } from '../../../audit/tlog/note/sign.ts';
import { inclusionProof } from '../../../audit/tlog/tree/proofs.ts';
import { bytes, entriesUpTo, FAST, nodesByDefinition, rootByDefinition } from './place.ts';

const refused = (code: string) => expect.objectContaining({ code });
const ORIGIN = 'custody/default/s-1';
const LEAVES = entriesUpTo(11).map((entry) => FAST.leaf(entry));
const HEAD = { origin: ORIGIN, size: 11, root: rootByDefinition(LEAVES) };
const signer = await signerFrom(ORIGIN, new Uint8Array(32).fill(1));
const witness = await signerFrom('example.com/witness', new Uint8Array(32).fill(3), COSIGNATURE);
const checkpoint = await signed(checkpointText(HEAD), [signer, witness], 1_700_000_000);
const trust = { origin: ORIGIN, keys: [signer.verifier] };

describe('A4: checkpoints are those of c2sp.org/tlog-checkpoint', () => {
  test('the example of the specification', () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const read = parseCheckpoint(text);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] });
    expect(checkpointText(read)).toBe(text);
    expect(parseCheckpoint(`${text}more\n`).extensions).toEqual(['more']);
  });

  test('whatever they say is read back', () => {
    const any = fc.record({
      origin: fc.string({ minLength: 1 }).filter((origin) => !/[\n\ud800-\udfff]/.test(origin)),
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(fc.string({ minLength: 1 })),
    });
    fc.assert(
      fc.property(any, (each) => {
        expect(parseCheckpoint(checkpointText(each))).toEqual(each);
      }),
    );
  });

  const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
  test.each([
    ['no origin', `\n5\n${ROOT}\n`],
    ['a size with a zero before it', `o\n05\n${ROOT}\n`],
    ['a negative size', `o\n-5\n${ROOT}\n`],
    ['a size with a sign', `o\n+5\n${ROOT}\n`],
    ['a size with a space', `o\n5 \n${ROOT}\n`],
    ['a size in other digits', `o\n0x5\n${ROOT}\n`],
    ['a size of 2^53', `o\n9007199254740992\n${ROOT}\n`],
    ['a size that fills 64 bits', `o\n18446744073709551615\n${ROOT}\n`],
    ['no size', `o\n\n${ROOT}\n`],
    ['a short root', 'o\n5\nAAAA\n'],
    ['no root', 'o\n5\n'],
    ['base64 that is not canonical', `o\n5\n${ROOT.replace('I=', 'J=')}\n`],
    ['an empty line', `o\n5\n${ROOT}\n\n`],
    ['no newline at its end', `o\n5\n${ROOT}`],
  ])('one with %s is malformed', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(refused('NOTE_MALFORMED'));
  });

  test('an origin of two lines is not written', () => {
    expect(() => checkpointText({ ...HEAD, origin: 'a\nb' })).toThrow(refused('NOTE_MALFORMED'));
    expect(() => checkpointText({ ...HEAD, size: 1.5 })).toThrow(refused('NOTE_MALFORMED'));
  });

  test('one of another log, or that only witnesses signed, is refused', async () => {
    const { checkpoint: read, verified } = await verifyCheckpoint(checkpoint, {
      ...trust,
      witnesses: [witness.verifier],
    });
    expect(read).toEqual({ ...HEAD, extensions: [] });
    expect(verified.map(({ time }) => time)).toEqual([null, 1_700_000_000]);
    await expect(verifyCheckpoint(checkpoint, { ...trust, origin: 'custody/default/s-2' })).rejects.toThrow(
      refused('NOTE_MALFORMED'),
    );
    const byWitness = await signed(checkpointText(HEAD), [witness], 5);
    const both = { ...trust, witnesses: [witness.verifier] };
    await expect(verifyCheckpoint(byWitness, both)).rejects.toThrow(refused('NOTE_UNSIGNED'));
  });
});

describe('A4: proof files are those of c2sp.org/tlog-proof', () => {
  const proofOf = (index: number) => ({
    index,
    hashes: inclusionProof(index, 11, nodesByDefinition(LEAVES), FAST),
    checkpoint,
  });

  test('one for each entry, which convinces of that entry alone', async () => {
    for (let index = 0; index < 11; index += 1) {
      const file = proofBytes(proofOf(index));
      expect(parseProof(file)).toEqual({ ...proofOf(index), checkpoint: Uint8Array.from(checkpoint) });
      expect((await verifyProof(file, LEAVES[index]!, trust)).checkpoint.size).toBe(11);
      await expect(verifyProof(file, LEAVES[(index + 1) % 11]!, trust)).rejects.toThrow(refused('LOG_CONTRADICTS'));
    }
  });

  test('extra data is carried, and proves nothing', async () => {
    for (const extra of [bytes('an opening'), new Uint8Array(0)]) {
      const file = proofBytes({ ...proofOf(3), extra });
      expect(parseProof(file).extra).toEqual(extra);
      await verifyProof(file, LEAVES[3]!, trust);
    }
    expect(parseProof(proofBytes(proofOf(3)))).not.toHaveProperty('extra');
  });

  test('any bit that is changed is found', async () => {
    const file = proofBytes(proofOf(6));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (at, bit) => {
        const changed = file.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        // The name of a witness that is not known may change: its signature says nothing here.
        const both = { ...trust, witnesses: [witness.verifier] };
        const verdict = verifyProof(changed, LEAVES[6]!, both);
        if (at < file.length - 130)
          await expect(verdict).rejects.toThrow(
            expect.objectContaining({ code: expect.stringMatching(/^(?:LOG|NOTE)_/) }),
          );
        else await verdict.catch((error: unknown) => expect(error).toHaveProperty('code'));
      }),
      { numRuns: 500 },
    );
  });

  const file = Buffer.from(proofBytes(proofOf(0))).toString();
  test.each([
    ['nothing', ''],
    ['another version', file.replace('@v1', '@v2')],
    ['no index', file.replace('index 0\n', '')],
    ['an index with a zero before it', file.replace('index 0', 'index 00')],
    ['a negative index', file.replace('index 0', 'index -1')],
    ['extra data after the index', file.replace('index 0\n', 'index 0\nextra AAAA\n')],
    ['extra data that is no base64', file.replace('index 0\n', 'extra !\nindex 0\n')],
    ['a short hash', file.replace('index 0\n', 'index 0\nAAAA\n')],
    ['64 hashes', file.replace('index 0\n', `index 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
    ['carriage returns', file.replaceAll('\n', '\r\n')],
  ])('one with %s is malformed', (_, text) => {
    expect(() => parseProof(bytes(text))).toThrow(refused('LOG_MALFORMED'));
  });

  test('one without a whole checkpoint is malformed, and one that is too large is not read', () => {
    expect(() => parseProof(bytes(file.slice(0, -1)))).toThrow(refused('NOTE_MALFORMED'));
    expect(() => parseProof(bytes(file.slice(0, file.indexOf('\n\n') + 2)))).toThrow(refused('NOTE_MALFORMED'));
    expect(() => parseProof(new Uint8Array(3 * 1024 * 1024))).toThrow(refused('LOG_MALFORMED'));
    expect(() => proofBytes({ ...proofOf(0), index: -1 })).toThrow(refused('LOG_MALFORMED'));
  });
});
