import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { CustodyError, isErrorCode, type Refusal } from '../../protocol/errors.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { isObject } from '../../protocol/values/json.ts';
import { evidenceQueue } from '../../protocol/workers/queues.ts';
import { namespaceLogId, sealId, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { opened } from '../temporal/opened.ts';
import { hasNoWorker } from '../temporal/withWorker.ts';

/** How far a session is sealed. */
export interface Sealing {
  /** Null: nothing of it is. */
  readonly sealed: Sealed | null;
  /** Why what it did last is not sealed, though it is over; null where it goes on, or all of it is sealed. */
  readonly unsealed: Refusal | null;
}

/**
 * How far a session is sealed, as Temporal knows it: no worker is asked.
 *
 * @returns null where nobody seals the sessions of its task queue
 * @throws CustodyError SESSION_NOT_FOUND, TEMPORAL_UNAVAILABLE
 */
export async function sealingOf(client: Client, id: string): Promise<Sealing | null> {
  try {
    const session = await described(client, id);
    if (session?.type !== WORKFLOW_TYPE) throw new CustodyError('SESSION_NOT_FOUND', `There is no session '${id}'.`);
    const sealer = await described(client, sealId(id));
    if (!sealer && !(await described(client, namespaceLogId(session.taskQueue)))) return null;
    const memo = sealer?.memo?.sealed;
    const sealed = isSealed(memo) ? memo : null;
    const isOver = session.status.name !== 'RUNNING';
    const why = !isOver || sealed?.isWhole ? null : await whyNot(client, session.taskQueue, sealed, sealer);
    return { sealed, unsealed: why };
  } catch (error) {
    throw toCustodyError(error, id);
  }
}

async function whyNot(
  client: Client,
  taskQueue: string,
  sealed: Sealed | null,
  sealer: WorkflowExecutionDescription | undefined,
): Promise<Refusal> {
  const unsealed = (message: string): Refusal => ({ code: 'NOT_SEALED', message });
  if (!sealer) return unsealed('No worker that seals saw it.');
  const { workflowId, status, raw } = sealer;
  if (status.name !== 'RUNNING')
    return unsealed(`The workflow ${workflowId}, which seals it, is ${status.name} in Temporal.`);
  if (sealed?.failing) {
    const { code, message, since } = sealed.failing;
    return { code, message: `${message} Since ${new Date(since).toISOString()}.` };
  }
  // What the last try failed with, before it is given up.
  const pending = await opened(client, workflowId, raw.pendingActivities ?? []);
  const failure = pending.find(({ lastFailure }) => lastFailure)?.lastFailure;
  const code = failure?.applicationFailureInfo?.type;
  if (failure) return { code: isErrorCode(code) ? code : 'NOT_SEALED', message: failure.message ?? '' };
  if (await hasNoWorker(client, evidenceQueue(taskQueue), 'activities'))
    return { code: 'NO_WORKER', message: 'No worker that seals runs.' };
  return unsealed('It was not looked at since it ended: workers do so within a minute, and after an hour at most.');
}

/** The latest run of a workflow; undefined: there is none. */
const described = (client: Client, id: string): Promise<WorkflowExecutionDescription | undefined> =>
  client.workflow
    .getHandle(id)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });

/** Anybody can write a memo. */
const isSealed = (value: unknown): value is Sealed =>
  isObject(value) &&
  typeof value.size === 'number' &&
  isInstant(value.at) &&
  (value.failing === undefined || (isRefusal(value.failing) && isInstant(value.failing.since))) &&
  (value.unlisted === undefined || isRefusal(value.unlisted));

const isRefusal = (value: unknown): value is Refusal & { readonly since?: unknown } =>
  isObject(value) && isErrorCode(value.code) && typeof value.message === 'string';

const LATEST = 8.64e15;
const isInstant = (at: unknown): boolean => typeof at === 'number' && Math.abs(at) <= LATEST;
