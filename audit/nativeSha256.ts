import { createHmac, hash } from 'node:crypto';

const BYTES = 32;

/**
 * SHA-256 by Node, for what hashes many small things. Its digest is taken as Latin-1 text, which costs half
 * of what a Buffer for each does.
 */
export function nativeSha256(data: Uint8Array): Uint8Array {
  const text = hash('sha256', data, 'binary');
  const digest = new Uint8Array(BYTES);
  for (let index = 0; index < BYTES; index += 1) digest[index] = text.charCodeAt(index);
  return digest;
}

/** HMAC-SHA-256 by Node: ten times as fast as one that runs everywhere. */
export const nativeHmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(data).digest());
