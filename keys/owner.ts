import { createHash } from 'node:crypto';
import type { SerializationContext } from '@temporalio/common';

const BYTES = 16;

/**
 * Whose payload it is: a digest of namespace and workflow id, which tells two sessions apart and says nothing of
 * either. Of a payload that was made without knowing the workflow it is that of the namespace alone.
 */
export const ownerOf = (namespace: string, workflowId = ''): Buffer =>
  createHash('sha256')
    .update(`custody owner 1\0${Buffer.byteLength(namespace)}\0`)
    .update(namespace)
    .update(workflowId)
    .digest()
    .subarray(0, BYTES);

export const OWNER_BYTES = BYTES;

/** The same, from what the SDK says of a payload; undefined where it says nothing. */
export const ownerIn = (context: SerializationContext | undefined): Buffer | undefined =>
  context && ownerOf(context.namespace, context.workflowId);
