import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Payload, SerializationContext } from '@temporalio/common';
import type { Key } from './key.ts';
import { bufferOf, bytesOf, KEY, MAC, type Metadata, metadataOf } from './metadata.ts';

/**
 * The payload with a worker's authentication: an HMAC-SHA256 over its data and metadata, and over what the SDK says of
 * whose it is: namespace, workflow id, and of what belongs to an activity its id.
 */
export function authenticated(payload: Payload, key: Key & { authentication: Buffer }, whose: Whose): Payload {
  const signed = { ...payload, metadata: { ...payload.metadata, [KEY]: bytesOf(key.id) } };
  return { ...signed, metadata: { ...signed.metadata, [MAC]: macOf(signed, key.authentication, whose) } };
}

/** Does it carry the authentication of this key, for this place? */
export function isAuthenticated(payload: Payload, { authentication }: Key, whose: Whose): boolean {
  const given = metadataOf(payload, MAC);
  if (!authentication || given?.length !== MAC_BYTES) return false;
  return timingSafeEqual(given, macOf(payload, authentication, whose));
}

/** A payload's place, as the SDK says it. */
export type Whose = SerializationContext & { readonly workflowId: string };

/** Undefined where the SDK does not know the workflow. */
export const whoseIn = (context: SerializationContext | undefined): Whose | undefined =>
  context?.workflowId ? (context as Whose) : undefined;

const MAC_BYTES = 32;

/** Each part stands behind its length, so that no two payloads give the same bytes. */
function macOf({ metadata, data }: Payload, authentication: Buffer, whose: Whose): Buffer {
  const { type, namespace, workflowId } = whose;
  const activityId = whose.type === 'activity' ? (whose.activityId ?? '') : '';
  const texts = ['custody payload 1', type, namespace, workflowId, activityId];
  const parts: Buffer[] = texts.map((text) => Buffer.from(text));
  for (const name of namesOf(metadata ?? {})) parts.push(Buffer.from(name), bufferOf(metadata?.[name]));
  const head = parts.flatMap((part) => [Buffer.from(`${part.length}\n`), part]);
  return createHmac('sha256', authentication).update(Buffer.concat(head)).update(bufferOf(data)).digest();
}

const namesOf = (metadata: Metadata): readonly string[] =>
  Object.keys(metadata)
    .filter((name) => name !== MAC)
    .sort();
