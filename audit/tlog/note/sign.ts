import { CustodyError } from '../../../protocol/errors.ts';
import { cosignedMessage, timedBytes } from './cosignature.ts';
import { keyPairOf } from './ed25519.ts';
import { COSIGNATURE, ED25519, parseSkey, type SignatureType, type Verifier, verifierOf } from './keys.ts';
import { checkText, type Note, type NoteSignature, noteBytes } from './note.ts';
import { bytesOf } from './text.ts';

/** A key that signs notes: here, or in a service that holds it and hands out signatures alone. */
export interface Signer {
  readonly verifier: Verifier;
  /** Ed25519 of a message, 64 bytes. */
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** The signer of `PRIVATE+KEY+NAME+ID+BASE64`. @throws CustodyError NOTE_KEY_INVALID */
export async function signerOf(skey: string): Promise<Signer> {
  const { name, id, type, seed } = parseSkey(skey);
  const signer = await signerFrom(name, seed, type);
  if (signer.verifier.id === id) return signer;
  throw new CustodyError('NOTE_KEY_INVALID', `A key cannot be used: the id of ${name} is not that of its key.`);
}

/** The signer of a private key of 32 bytes under a name. @throws CustodyError NOTE_KEY_INVALID */
export async function signerFrom(
  name: string,
  seed: Uint8Array<ArrayBuffer>,
  type: SignatureType = ED25519,
): Promise<Signer> {
  const { publicKey, sign } = await keyPairOf(seed);
  return { verifier: verifierOf(name, publicKey, type), sign };
}

/**
 * The signature of a text, as its key makes them: plain, or with a time.
 *
 * @param time seconds since 1970, for a key of type COSIGNATURE
 * @throws CustodyError NOTE_MALFORMED, and whatever the signer throws
 */
export async function signatureOf(text: string, { verifier, sign }: Signer, time?: number): Promise<NoteSignature> {
  checkText(text);
  const { name, id, type } = verifier;
  if (type !== COSIGNATURE) return { name, id, signature: await sign(bytesOf(text)) };
  if (time === undefined || !Number.isSafeInteger(time) || time < 0)
    throw new CustodyError('NOTE_MALFORMED', `A cosignature of ${name} needs the time, in whole seconds since 1970.`);
  return { name, id, signature: timedBytes({ time, signature: await sign(cosignedMessage(text, time)) }) };
}

/** A note of a text, signed by each of the signers in turn. @throws CustodyError NOTE_MALFORMED */
export async function signed(
  text: string,
  signers: readonly Signer[],
  time?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const signatures: NoteSignature[] = [];
  for (const signer of signers) signatures.push(await signatureOf(text, signer, time));
  return noteBytes({ text, signatures });
}

/** A note with one more signature; one of the same key is replaced. */
export const withSignature = ({ text, signatures }: Note, added: NoteSignature): Note => ({
  text,
  signatures: [...signatures.filter(({ name, id }) => name !== added.name || id !== added.id), added],
});
