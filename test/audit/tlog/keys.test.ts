import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COSIGNATURE, parseSkey, parseVkey, skeyOf, verifierOf, vkeyOf } from '../../../audit/tlog/note/keys.ts';
import { parseNote, signatureIn } from '../../../audit/tlog/note/note.ts';
import { type Signer, signed, signerFrom, signerOf } from '../../../audit/tlog/note/sign.ts';

const refused = (code: string) => expect.objectContaining({ code });
const TEXT = 'custody/default/s-1\n3\nrest\n';
const signer = await signerFrom('example.com/log', new Uint8Array(32).fill(1));
const note = await signed(TEXT, [signer]);
const line = Buffer.from(note)
  .toString()
  .slice(TEXT.length + 1);

describe('A4: keys are lines of text', () => {
  const seed = new Uint8Array(32).fill(1);
  const skey = skeyOf({ ...signer.verifier, seed });

  test('that are read back, and sign as before', async () => {
    expect(parseSkey(skey).seed).toEqual(seed);
    expect((await signerOf(skey)).verifier).toEqual(signer.verifier);
    expect(await signed(TEXT, [await signerOf(skey)])).toEqual(note);
    const names = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !/[\s+\p{Cc}\x85]/u.test(name));
    fc.assert(
      fc.property(names, fc.uint8Array({ minLength: 32, maxLength: 32 }), (name, publicKey) => {
        const verifier = verifierOf(name, publicKey, COSIGNATURE);
        expect(parseVkey(vkeyOf(verifier))).toEqual(verifier);
      }),
    );
  });

  test.each([
    [''],
    ['example.com/foo'],
    ['+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U'],
    ['example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n'],
    ['example.com/f oo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a'.repeat(100_000)],
  ])('what is no verifier key is refused: %.80s', (vkey) => {
    expect(() => parseVkey(vkey)).toThrow(refused('NOTE_KEY_INVALID'));
  });

  test('a private key that is broken is refused, and not repeated', async () => {
    const secret = skey.split('+').at(-1) as string;
    const wrongId = skey.replace(signer.verifier.id, '00000000');
    for (const each of [skey.slice(0, -1), `x${skey}`, wrongId, skey.replace('PRIVATE', 'PUBLIC'), ''])
      await expect(signerOf(each)).rejects.toThrow(
        expect.objectContaining({
          code: 'NOTE_KEY_INVALID',
          message: expect.not.stringContaining(secret.slice(0, 20)),
        }),
      );
  });

  test('a signer may live elsewhere: it is a name, a public key and a function', async () => {
    const asked: string[] = [];
    const remote: Signer = {
      verifier: signer.verifier,
      sign: (message) => {
        asked.push(Buffer.from(message).toString());
        return signer.sign(message);
      },
    };
    expect(await signed(TEXT, [remote])).toEqual(note);
    expect(asked).toEqual([TEXT]);
    expect(signatureIn(line.trimEnd())).toEqual(parseNote(note).signatures[0]);
  });
});
