import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Answer } from '../session/call.ts';
import { CustodyError } from '../session/errors.ts';
import { type CallInput, type CallReply, callQuery, callUpdate } from '../workflows/messages.ts';
import { grpcOf, toCustodyError } from './errors.ts';
import { withWorker } from './withWorker.ts';

/** Back-off, in milliseconds: quick while a session continues as new, slow while a person thinks. */
const QUICK = [20, 30, 50] as const;
const SLOW = [50, 100, 200, 500, 1000, 2000] as const;

/** How long to go on against errors that pass by themselves. */
const PATIENCE = 60_000;

export interface CallWaiting {
  /** False: a call that must wait is CALL_PARKED at once. */
  readonly wait: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a call and waits for its answer, however long the session is paused (D4). It asks again under the same call id, so
 * that the call runs once whatever happens to this client, to the session's runs, or to Temporal.
 */
export async function makeCall(client: Client, taskQueue: string, sessionId: string, input: CallInput, { wait, signal }: CallWaiting): Promise<Answer> {
  let troubleSince: number | undefined;
  for (let round = 0; ; round += 1) {
    signal?.throwIfAborted();
    let reply: CallReply | null;
    try {
      reply = await withWorker(client, taskQueue, () => client.workflow.getHandle(sessionId).executeUpdate(callUpdate, { args: [input] }));
      troubleSince = undefined;
    } catch (error) {
      if (!isPassing(error)) throw refusalOf(error) ?? toCustodyError(error, sessionId);
      troubleSince ??= Date.now();
      if (Date.now() - troubleSince > PATIENCE) throw toCustodyError(error, sessionId);
      await delay(at(QUICK, round), undefined, { signal });
      continue;
    }
    if (reply.status === 'parked' && reply.why !== 'continuing') {
      if (!wait) throw new CustodyError('CALL_PARKED', `The call '${input.callId}' waits: ${reply.why}.`);
      reply = await untilSettled(client, sessionId, input.callId, signal);
    }
    if (reply?.status === 'answered') return reply.answer;
    if (reply?.status === 'refused' && reply.refusal.code !== 'BACKLOG_FULL') throw new CustodyError(reply.refusal.code, reply.refusal.message);
    await delay(at(QUICK, round) * (reply?.status === 'refused' ? 10 : 1), undefined, { signal });
  }
}

/** Queries leave nothing in history, so a call may wait for days without filling it. */
async function untilSettled(client: Client, sessionId: string, callId: string, signal?: AbortSignal): Promise<CallReply | null> {
  for (let round = 0; ; round += 1) {
    await delay(at(SLOW, round), undefined, { signal });
    try {
      const reply = await client.workflow.getHandle(sessionId).query(callQuery, callId);
      if (reply === null || reply.status !== 'parked' || reply.why === 'continuing') return reply;
    } catch (error) {
      if (!isPassing(error) && grpcOf(error)?.code !== status.DEADLINE_EXCEEDED) throw toCustodyError(error, sessionId);
    }
  }
}

/** Errors that callers meet while a session continues as new, closes a workflow task, or Temporal restarts (D5). */
function isPassing(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) return error.cause instanceof ApplicationFailure && error.cause.type === 'AcceptedUpdateCompletedWorkflow';
  const grpc = grpcOf(error);
  if (!grpc) return false;
  return grpc.code === status.RESOURCE_EXHAUSTED || grpc.code === status.UNAVAILABLE || (grpc.code === status.FAILED_PRECONDITION && /workflow task/i.test(grpc.details))
    || (grpc.code === status.NOT_FOUND && /update/i.test(grpc.details));
}

/** A validator's "no": malformed input. */
export function refusalOf(error: unknown): CustodyError | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  return new CustodyError(cause.type === 'MALFORMED_COMMAND' ? 'MALFORMED_COMMAND' : 'INTERNAL_ERROR', cause.message, { cause: error });
}

const at = (delays: readonly number[], round: number): number => delays[Math.min(round, delays.length - 1)] as number;
