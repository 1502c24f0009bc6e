import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Bytes of the key of a session. */
export const KEY_BYTES = 32;
const NONCE = 12;

/** What is derived from the key of a session: without it, neither values can be read nor commitments be guessed. */
export interface SessionKeys {
  /** The salt of a leaf, 32 bytes. */
  readonly salt: (seq: number) => Uint8Array;
  /** Encrypts a file of `private/`. The same content under the same path has the same bytes. */
  readonly seal: (path: string, content: Uint8Array) => Promise<Uint8Array>;
  /** Null where it was not sealed with this key under this path. */
  readonly open: (path: string, sealed: Uint8Array) => Promise<Uint8Array | null>;
}

const GCM = 'AES-GCM';

/** HMAC-SHA-256. */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array;

const portable: Hmac = (key, data) => hmac(sha256, key, data);

/**
 * @param key random, {@link KEY_BYTES} bytes
 * @param mac without it, one that runs everywhere; Node's own is much faster (audit/nativeSha256.ts)
 */
export async function sessionKeys(key: Uint8Array, mac: Hmac = portable): Promise<SessionKeys> {
  const derived = (purpose: string) => hkdf(sha256, key, undefined, utf8ToBytes(`custody/${purpose}`), KEY_BYTES);
  const [salts, nonces] = [derived('salt'), derived('nonce')];
  const files = await crypto.subtle.importKey('raw', owned(derived('file')), GCM, false, ['encrypt', 'decrypt']);
  return {
    salt: (seq) => mac(salts, utf8ToBytes(String(seq))),
    async seal(path, content) {
      // Made of what is encrypted, so that no nonce serves two contents.
      const name = utf8ToBytes(`${path}\0`);
      const iv = owned(mac(nonces, concatBytes(name, content)).slice(0, NONCE));
      const sealed = await crypto.subtle.encrypt({ name: GCM, iv, additionalData: owned(name) }, files, owned(content));
      return concatBytes(iv, new Uint8Array(sealed));
    },
    async open(path, sealed) {
      const iv = owned(sealed.slice(0, NONCE));
      const additionalData = owned(utf8ToBytes(`${path}\0`));
      const rest = owned(sealed.slice(NONCE));
      return crypto.subtle.decrypt({ name: GCM, iv, additionalData }, files, rest).then(
        (opened) => new Uint8Array(opened),
        () => null,
      );
    },
  };
}

/** What WebCrypto takes: bytes in memory that is not shared. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;
