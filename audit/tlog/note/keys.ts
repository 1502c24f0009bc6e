import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { CustodyError } from '../../../protocol/errors.ts';
import { base64Of, bytesOf, fromBase64 } from './text.ts';

/** Types of signatures (c2sp.org/signed-note). */
export const ED25519 = 0x01;
/** A signature of a checkpoint with the time at which it was made, as witnesses give it. */
export const COSIGNATURE = 0x04;

export type SignatureType = typeof ED25519 | typeof COSIGNATURE;

/** A key that signatures are verified with. */
export interface Verifier {
  readonly name: string;
  /** Eight hexadecimal digits. Together with the name it says which key, and which type of signature. */
  readonly id: string;
  readonly type: SignatureType;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

const KEY_BYTES = 32;
const LONGEST_NAME = 1024;
const LONGEST_KEY = 2048;

/** Whether something can be the name of a key: not empty, and without plus and spaces of any kind. */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.length <= LONGEST_NAME && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name);

/** The verifier of a public key under a name. @throws CustodyError NOTE_KEY_INVALID */
export function verifierOf(name: string, publicKey: Uint8Array, type: SignatureType = ED25519): Verifier {
  if (!isKeyName(name) || /\p{Cc}/u.test(name))
    throw invalid(`${JSON.stringify(name.slice(0, 100))} cannot be the name of a key`);
  if (publicKey.length !== KEY_BYTES) throw invalid(`an Ed25519 key has ${KEY_BYTES} bytes, not ${publicKey.length}`);
  const digest = sha256(concatBytes(bytesOf(`${name}\n`), Uint8Array.of(type), publicKey));
  return { name, id: bytesToHex(digest.subarray(0, 4)), type, publicKey };
}

/** A verifier as text: `NAME+ID+BASE64`. */
export const vkeyOf = ({ name, id, type, publicKey }: Verifier): string =>
  `${name}+${id}+${base64Of(concatBytes(Uint8Array.of(type), publicKey))}`;

/** The verifier that a text names. Its id must be that of its key. @throws CustodyError NOTE_KEY_INVALID */
export function parseVkey(vkey: string): Verifier {
  const { name, id, type, key } = partsOf(vkey, 'verifier');
  const verifier = verifierOf(name, key, type);
  if (verifier.id !== id) throw invalid(`the id of the verifier key of ${name} is ${verifier.id}, not ${id}`);
  return verifier;
}

/** A private key before its public key is known: its id is not held against that yet. */
export interface Seed {
  readonly name: string;
  readonly id: string;
  readonly type: SignatureType;
  /** The private key as RFC 8032 has it, 32 bytes. */
  readonly seed: Uint8Array<ArrayBuffer>;
}

const PRIVATE = 'PRIVATE+KEY+';

/** The private key in `PRIVATE+KEY+NAME+ID+BASE64`. No error repeats it. @throws CustodyError NOTE_KEY_INVALID */
export function parseSkey(skey: string): Seed {
  if (!skey.startsWith(PRIVATE)) throw invalid(`a key to sign with begins with ${PRIVATE}`);
  const { name, id, type, key } = partsOf(skey.slice(PRIVATE.length), 'private');
  return { name, id, type, seed: key };
}

/** A private key as text. It is a secret. */
export const skeyOf = ({ name, id, type, seed }: Seed): string =>
  `${PRIVATE}${name}+${id}+${base64Of(concatBytes(Uint8Array.of(type), seed))}`;

interface Parts {
  readonly name: string;
  readonly id: string;
  readonly type: SignatureType;
  readonly key: Uint8Array<ArrayBuffer>;
}

function partsOf(text: string, what: 'verifier' | 'private'): Parts {
  // Base64 may have a plus as well.
  const [name = '', id = '', ...rest] = text.slice(0, LONGEST_KEY).split('+');
  const bytes = fromBase64(rest.join('+'));
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(id) || bytes === undefined || bytes.length !== 1 + KEY_BYTES)
    throw invalid(`this ${what} key is not NAME+ID+BASE64 of an Ed25519 key`);
  const [type] = bytes;
  if (type !== ED25519 && type !== COSIGNATURE) throw invalid(`this ${what} key is of a type that is not known here`);
  return { name, id, type, key: bytes.slice(1) };
}

const invalid = (why: string): CustodyError => new CustodyError('NOTE_KEY_INVALID', `A key cannot be used: ${why}.`);
