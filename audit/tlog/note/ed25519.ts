import { CustodyError } from '../../../protocol/errors.ts';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** Length of an Ed25519 signature, in bytes. */
export const SIGNATURE_BYTES = 64;

const KEY_BYTES = 32;

const ALGORITHM = 'Ed25519';
/** What stands before the 32 bytes of a private key in PKCS#8 (RFC 8410). */
const PKCS8 = hexToBytes('302e020100300506032b657004220420');

/** A private key that signs, and its public key. */
export interface KeyPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** The pair of a private key of 32 bytes as RFC 8032 has it. @throws CustodyError ED25519_UNAVAILABLE */
export async function keyPairOf(seed: Uint8Array<ArrayBuffer>): Promise<KeyPair> {
  const { subtle } = crypto;
  const key = await available(() => subtle.importKey('pkcs8', concatBytes(PKCS8, seed), ALGORITHM, true, ['sign']));
  const { x = '' } = await subtle.exportKey('jwk', key);
  const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
  return {
    publicKey: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
    sign: async (message) => new Uint8Array(await subtle.sign(ALGORITHM, key, message)),
  };
}

/**
 * Whether a signature is good. A key that is none has signed nothing.
 *
 * @throws CustodyError ED25519_UNAVAILABLE, so that a platform without it does not pass for a bad signature
 */
export async function isSigned(
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== KEY_BYTES) return false;
  const { subtle } = crypto;
  return available(async () => {
    const key = await subtle.importKey('raw', Uint8Array.from(publicKey), ALGORITHM, false, ['verify']);
    return subtle.verify(ALGORITHM, key, Uint8Array.from(signature), message);
  }, false);
}

/** What WebCrypto answers; `otherwise` where it refuses what it was given. */
async function available<T>(ask: () => Promise<T>, otherwise?: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { name } = error as Error;
    if (otherwise !== undefined && (name === 'DataError' || name === 'OperationError')) return otherwise;
    throw new CustodyError('ED25519_UNAVAILABLE', `WebCrypto has no Ed25519 here: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
