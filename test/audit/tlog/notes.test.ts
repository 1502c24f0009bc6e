import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COSIGNATURE, parseVkey, verifierOf, vkeyOf } from '../../../audit/tlog/note/keys.ts';
import { noteBytes, parseNote, signatureLine } from '../../../audit/tlog/note/note.ts';
import { signatureOf, signed, signerFrom, withSignature } from '../../../audit/tlog/note/sign.ts';
import { verifyNote } from '../../../audit/tlog/note/verify.ts';
import { bytes } from './place.ts';

const refused = (code: string) => expect.objectContaining({ code });
const TEXT = 'custody/default/s-1\n3\nrest\n';
const signer = await signerFrom('example.com/log', new Uint8Array(32).fill(1));
const other = await signerFrom('example.com/other', new Uint8Array(32).fill(2));
const witness = await signerFrom('example.com/witness', new Uint8Array(32).fill(3), COSIGNATURE);
const note = await signed(TEXT, [signer]);
const said = Buffer.from(note).toString();
const line = said.slice(TEXT.length + 1);

/** The example of c2sp.org/signed-note, and of the key that signed it. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

describe('A4: notes are signed and verified as c2sp.org/signed-note says', () => {
  test('the example of the specification', async () => {
    const verifier = parseVkey(EXAMPLE_KEY);
    expect(vkeyOf(verifier)).toBe(EXAMPLE_KEY);
    const { text, verified, unknown } = await verifyNote(bytes(EXAMPLE), [verifier]);
    expect([text, unknown]).toEqual(['This is an example message.\n', []]);
    expect(verified).toEqual([{ verifier, time: null }]);
    await expect(verifyNote(bytes(EXAMPLE.replace('an', 'no')), [verifier])).rejects.toThrow(
      refused('NOTE_SIGNATURE_INVALID'),
    );
  });

  test('whatever the text is: it may have empty lines, and lines that look like signatures', async () => {
    const lines = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', line.trimEnd(), '\u2014 a b')),
    );
    await fc.assert(
      fc.asyncProperty(lines, async (list) => {
        const text = `${list.map((each) => each.replaceAll(/\p{Cc}/gu, '')).join('\n')}\n`;
        const bytesOfNote = await signed(text, [signer, other]);
        const verified = await verifyNote(bytesOfNote, [other.verifier, signer.verifier]);
        expect(verified.text).toBe(text);
        expect(verified.verified.map(({ verifier }) => verifier)).toEqual([signer.verifier, other.verifier]);
        expect(noteBytes(parseNote(bytesOfNote))).toEqual(bytesOfNote);
      }),
    );
  });

  test('signatures of keys that are not known say nothing; each key that is known counts once', async () => {
    const both = bytes(said + line + signatureLine(await signatureOf(TEXT, other)));
    const { verified, unknown } = await verifyNote(both, [signer.verifier]);
    expect(verified.map(({ verifier }) => verifier)).toEqual([signer.verifier]);
    expect(unknown.map(({ name }) => name)).toEqual(['example.com/other']);
    await expect(verifyNote(note, [other.verifier])).rejects.toThrow(refused('NOTE_UNSIGNED'));
    await expect(verifyNote(note, [])).rejects.toThrow(refused('NOTE_UNSIGNED'));
    // A name with the id of another key, and an id with the name of another key.
    for (const each of [
      { name: 'example.com/log', id: other.verifier.id },
      { name: 'example.com/other', id: signer.verifier.id },
    ])
      await expect(verifyNote(note, [{ ...other.verifier, ...each }])).rejects.toThrow(refused('NOTE_UNSIGNED'));
  });

  test('a signature that is bad under a key that is known refuses the whole note', async () => {
    const forged = { ...(await signatureOf('another text\n', other)), name: other.verifier.name };
    const bad = bytes(said + signatureLine(forged));
    await expect(verifyNote(bad, [signer.verifier, other.verifier])).rejects.toThrow(refused('NOTE_SIGNATURE_INVALID'));
    expect((await verifyNote(bad, [signer.verifier])).verified).toHaveLength(1);
    for (const signature of [new Uint8Array(64), new Uint8Array(63), new Uint8Array(65), new Uint8Array(1)])
      await expect(
        verifyNote({ text: TEXT, signatures: [{ ...signer.verifier, signature }] }, [signer.verifier]),
      ).rejects.toThrow(refused('NOTE_SIGNATURE_INVALID'));
  });

  test('two keys of one name and id cannot both be trusted', async () => {
    await expect(verifyNote(note, [signer.verifier, { ...signer.verifier }])).rejects.toThrow(
      refused('NOTE_KEY_INVALID'),
    );
  });

  test('a note that could not be read again is not written', () => {
    const { signatures } = parseNote(note);
    for (const each of [
      { text: TEXT, signatures: [] },
      { text: 'no newline', signatures },
      { text: TEXT, signatures: [{ ...signatures[0]!, name: 'two words' }] },
      { text: TEXT, signatures: [{ ...signatures[0]!, name: 'two\nlines' }] },
      { text: TEXT, signatures: [{ ...signatures[0]!, signature: new Uint8Array(0) }] },
      { text: TEXT, signatures: Array.from({ length: 101 }, () => signatures[0]!) },
    ])
      expect(() => noteBytes(each)).toThrow(refused('NOTE_MALFORMED'));
  });

  test('any bit that is changed is found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(note.length - 1), fc.nat(7), async (at, bit) => {
        const changed = note.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        await expect(verifyNote(changed, [signer.verifier])).rejects.toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^NOTE_/) }),
        );
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['nothing', ''],
    ['no signatures', TEXT],
    ['no line of a signature', `${TEXT}\n`],
    ['no end of the last line', said.slice(0, -1)],
    ['a line after the signatures', `${said}more\n`],
    ['another dash', said.replace('\u2014', '-')],
    ['no name', `${TEXT}\n\u2014  ${line.split(' ')[2] as string}`],
    ['a plus in a name', said.replace('\u2014 example', '\u2014 ex+ample')],
    ['a wide space in a name', said.replace('\u2014 example', '\u2014 ex\u3000ample')],
    ['a control character', said.replace('custody', 'cust\tody')],
    ['a carriage return', said.replaceAll('\n', '\r\n')],
    ['two spaces', said.replace('log ', 'log  ')],
    ['a space at the end', said.replace(/\n$/, ' \n')],
    ['base64 without padding', said.replace(/=+\n$/, '\n')],
    ['base64 with bits to spare', said.replace(/.(=+\n)$/, '/$1')],
    ['a signature of nothing', `${TEXT}\n\u2014 example.com/log AAAAAA==\n`],
    ['too many signatures', said + line.repeat(100)],
  ])('a note with %s is malformed', (_, text) => {
    expect(() => parseNote(bytes(text))).toThrow(refused('NOTE_MALFORMED'));
  });

  test('a note that is not UTF-8, or larger than what is read, is malformed', () => {
    expect(() => parseNote(Uint8Array.from([0xff, ...note]))).toThrow(refused('NOTE_MALFORMED'));
    expect(() => parseNote(Uint8Array.from([0xed, 0xa0, 0x80, ...note]))).toThrow(refused('NOTE_MALFORMED'));
    expect(() => parseNote(note, note.length - 1)).toThrow(refused('NOTE_MALFORMED'));
    expect(() => parseNote(new Uint8Array(1024 * 1024 + 1).fill(97))).toThrow(refused('NOTE_MALFORMED'));
    expect(parseNote(note, note.length).signatures).toHaveLength(1);
  });

  test.each([['no newline'], ['a\tb\n'], ['half \ud800\n'], ['']])(
    'a text that no note can have is not signed: %j',
    async (text) => {
      await expect(signed(text, [signer])).rejects.toThrow(refused('NOTE_MALFORMED'));
    },
  );
});

describe('A4: witnesses sign with a time, as c2sp.org/tlog-cosignature says', () => {
  test('the time is what they signed, and a signature replaces an earlier one of the same key', async () => {
    const first = withSignature(parseNote(note), await signatureOf(TEXT, witness, 1_679_315_147));
    const second = withSignature(first, await signatureOf(TEXT, witness, 1_679_315_148));
    expect(second.signatures).toHaveLength(2);
    const { verified } = await verifyNote(noteBytes(second), [signer.verifier, witness.verifier]);
    expect(verified).toEqual([
      { verifier: signer.verifier, time: null },
      { verifier: witness.verifier, time: 1_679_315_148 },
    ]);
    const moved = second.signatures[1]!.signature.map((byte, index) => (index === 7 ? byte + 1 : byte));
    const later = { ...second, signatures: [{ ...witness.verifier, signature: moved }] };
    await expect(verifyNote(later, [witness.verifier])).rejects.toThrow(refused('NOTE_SIGNATURE_INVALID'));
  });

  test('a plain signature does not pass for one with a time, nor the other way round', async () => {
    const plain = { ...witness, verifier: verifierOf('example.com/witness', witness.verifier.publicKey) };
    expect(plain.verifier.id).not.toBe(witness.verifier.id);
    const { signature } = await signatureOf(TEXT, plain);
    const timed = (await signatureOf(TEXT, witness, 5)).signature;
    for (const each of [
      [{ ...witness.verifier, signature }, witness.verifier],
      [{ ...plain.verifier, signature: timed }, plain.verifier],
    ] as const)
      await expect(verifyNote({ text: TEXT, signatures: [each[0]] }, [each[1]])).rejects.toThrow(
        refused('NOTE_SIGNATURE_INVALID'),
      );
  });

  test('without a time in whole seconds they sign nothing', async () => {
    for (const time of [undefined, -1, 0.5, Number.NaN, 2 ** 53])
      await expect(signatureOf(TEXT, witness, time)).rejects.toThrow(refused('NOTE_MALFORMED'));
    expect((await signatureOf(TEXT, witness, 0)).signature).toHaveLength(72);
  });
});
