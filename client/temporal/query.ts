import { status } from '@grpc/grpc-js';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { Context } from '../context.ts';
import { grpcOf, Unanswered } from './errors.ts';
import { persist } from './persist.ts';
import { withWorker } from './withWorker.ts';

/**
 * How long one question waits for its answer, in milliseconds, before it is asked again. A question can be lost while a
 * run closes or a worker dies, and Temporal need not say so; asking changes nothing in a session.
 */
const ANSWER_WITHIN = 15_000;

/**
 * Asks a session that runs; fails with NO_WORKER where nobody is there to answer, and with TEMPORAL_UNAVAILABLE where
 * no answer comes.
 *
 * @param asker its signal, if it has one, ends the asking
 */
export const query = <R, A extends unknown[]>(
  asker: Context & { readonly signal?: AbortSignal | undefined },
  id: string,
  definition: QueryDefinition<R, A>,
  ...args: A
): Promise<R> => {
  const { client, signal } = asker;
  const ask = () => queryOnce(client, client.workflow.getHandle(id), definition, ...args);
  return persist(() => withWorker(asker, ask), id, { connection: client.connection, signal });
};

/**
 * One question, without asking again. Fails as Temporal's client does, and with Unanswered where the time was up for
 * one of the two ends, or where the worker that had taken the question stopped, which Temporal passes on as a
 * cancellation.
 */
export async function queryOnce<R, A extends unknown[]>(
  client: Client,
  handle: WorkflowHandle,
  definition: QueryDefinition<R, A>,
  ...args: A
): Promise<R> {
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN, () => handle.query(definition, ...args));
  } catch (error) {
    const code = grpcOf(error)?.code;
    throw code === status.DEADLINE_EXCEEDED || code === status.CANCELLED ? new Unanswered(error) : error;
  }
}
