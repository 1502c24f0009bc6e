import { status } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * Workflows that have it are in no list, unless the query names it: Temporal keeps its own schedules and batches out of
 * lists so.
 */
export const APART = [{ key: defineSearchAttributeKey('TemporalNamespaceDivision', 'KEYWORD'), value: 'custody' }];

/** Starts a workflow apart from those of users; a server may refuse that, and then it is listed. */
export async function apart<T>(start: (typedSearchAttributes: typeof APART) => Promise<T>): Promise<T> {
  try {
    return await start(APART);
  } catch (error) {
    if (!isInvalid(error)) throw error;
    return start([]);
  }
}

const isInvalid = (error: unknown): boolean =>
  error instanceof Error && isGrpcServiceError(error.cause) && error.cause.code === status.INVALID_ARGUMENT;
