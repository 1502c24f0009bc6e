import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** Length of an Ed25519 signature, in bytes. */
export const SIGNATURE_BYTES = 64;

const ALGORITHM = 'Ed25519';
/** What stands before the 32 bytes of a private key in PKCS#8 (RFC 8410). */
const PKCS8 = hexToBytes('302e020100300506032b657004220420');

/** A private key that signs, and its public key. */
export interface KeyPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** The pair of a private key of 32 bytes as RFC 8032 has it. */
export async function keyPairOf(seed: Uint8Array<ArrayBuffer>): Promise<KeyPair> {
  const pkcs8 = concatBytes(PKCS8, seed);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', key);
  const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
  return {
    publicKey: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, message)),
  };
}

/** Whether a signature is good. A key that is no point of the curve has signed nothing. */
export async function isSigned(
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false;
  try {
    const key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), ALGORITHM, false, ['verify']);
    return await crypto.subtle.verify(ALGORITHM, key, Uint8Array.from(signature), message);
  } catch (error) {
    // A platform without Ed25519 must not pass for a bad signature.
    if (error instanceof Error && error.name === 'NotSupportedError') throw error;
    return false;
  }
}
