import type { Payload } from '@temporalio/common';
import { UNPROVEN, type Unproven } from '../protocol/values/unproven.ts';

/** Metadata of payloads. A payload can say anything of itself; each reader here takes nothing for given. */

export const ENCODING = 'encoding';
/** Id of the key. */
export const KEY = 'custody-key';
/** HMAC-SHA256 of a worker. */
export const MAC = 'custody-mac';
/** The encoding of a sealed payload, by the name that Temporal's own samples have for it; it names its key, too. */
export const SEALED = 'binary/encrypted';

export type Metadata = { [name: string]: Uint8Array };

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** Bytes of a payload. Where there are none, protobuf's own code has an empty list, or nothing. */
export const bufferOf = (bytes: Uint8Array | null | undefined): Buffer =>
  bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);

/** A member of a payload's metadata; undefined where it has none. */
export function metadataOf({ metadata }: Payload, name: string): Buffer | undefined {
  return metadata && Object.hasOwn(metadata, name) ? bufferOf(metadata[name]) : undefined;
}

export const textOf = (payload: Payload, name: string): string | undefined =>
  metadataOf(payload, name)?.toString('utf8');

export const isSealed = (payload: Payload): boolean =>
  textOf(payload, ENCODING) === SEALED && metadataOf(payload, KEY) !== undefined;

/** A payload without what only a codec may say of it. */
export function withoutMark(payload: Payload): Payload {
  if (!payload.metadata || !Object.hasOwn(payload.metadata, UNPROVEN)) return payload;
  const { [UNPROVEN]: _, ...metadata } = payload.metadata;
  return { ...payload, metadata };
}

export const withMark = (payload: Payload, mark: Unproven): Payload => ({
  ...payload,
  metadata: { ...payload.metadata, [UNPROVEN]: bytesOf(JSON.stringify(mark)) },
});
