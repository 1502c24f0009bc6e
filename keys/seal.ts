import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { LRUCache } from 'lru-cache';
import { derived, type Key } from './key.ts';
import { bufferOf, bytesOf, ENCODING, KEY, SEALED } from './metadata.ts';
import { OWNER_BYTES } from './owner.ts';

const { Payload: Proto } = proto.temporal.api.common.v1;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD = OWNER_BYTES + NONCE_BYTES;

/**
 * A payload, metadata and all, sealed with AES-256-GCM under the key of its owner, which HKDF-SHA256 derives from the
 * reading key: every client and worker has it at once, and there is nothing to store, to look up, or to lose. The data
 * is owner, nonce, ciphertext and tag; the owner is associated data, too.
 */
export function sealed(payload: Payload, key: Key, owner: Buffer): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, dataKeyOf(key, owner), nonce).setAAD(owner);
  const data = Buffer.concat([owner, nonce, cipher.update(Proto.encode(payload).finish()), cipher.final()]);
  return {
    metadata: { [ENCODING]: bytesOf(SEALED), [KEY]: bytesOf(key.id) },
    data: Buffer.concat([data, cipher.getAuthTag()]),
  };
}

/** Whose a sealed payload says that it is; undefined where it is too short to be one. */
export function ownerOfSealed({ data }: Payload): Buffer | undefined {
  return data && data.length >= HEAD + TAG_BYTES ? bufferOf(data).subarray(0, OWNER_BYTES) : undefined;
}

/** What a sealed payload holds; undefined where it was not sealed under this key for the owner that it names. */
export function opened({ data }: Payload, key: Key): Payload | undefined {
  if (!data || data.length < HEAD + TAG_BYTES) return undefined;
  const bytes = bufferOf(data);
  const owner = bytes.subarray(0, OWNER_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, dataKeyOf(key, owner), bytes.subarray(OWNER_BYTES, HEAD))
      .setAAD(owner)
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(HEAD, -TAG_BYTES)), decipher.final()]);
    const { metadata, data: inner } = Proto.decode(text);
    return { metadata, data: inner };
  } catch {
    return undefined;
  }
}

/** Keys of sessions, which cost some microseconds each. */
const dataKeys = new LRUCache<string, Buffer>({ max: 10_000 });

function dataKeyOf({ id, sealing }: Key, owner: Buffer): Buffer {
  const name = `${id}/${owner.toString('base64')}`;
  const known = dataKeys.get(name);
  if (known) return known;
  const key = derived(sealing, 'session', owner);
  dataKeys.set(name, key);
  return key;
}
