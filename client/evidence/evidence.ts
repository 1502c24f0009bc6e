import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Entry } from '../../audit/entry.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { OrderAct, OrderDone } from '../../protocol/evidence/orders.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { orderUpdate, SEAL_TYPE, sealId, sealUpdate, TASK_TIMEOUT, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import type { Context } from '../context.ts';
import { recordsOf } from '../session/watch.ts';
import { persist } from '../temporal/persist.ts';
import { type Sealing, sealingOf } from './sealing.ts';

/** Milliseconds in which a worker with an archive has to answer. */
const PATIENCE = 120_000;

/** A record, as docs/audit.md describes it; `data` by its kind. */
export type SessionRecord = Omit<Entry, 'callId' | 'record' | 'runId' | 'eventId' | 'text' | 'data'> & {
  readonly v: number;
  readonly session: string;
  readonly run: string;
  readonly events: readonly number[];
  readonly n: number | null;
  readonly call: string | null;
  readonly data: Json;
};

/** Why something is done to evidence, on record in clear and for ever; repeats of one id are one order. */
export interface Why {
  readonly reason: string;
  readonly commandId?: string | undefined;
}

export interface EraseOptions extends Why {
  readonly early?: boolean | undefined;
  readonly keepHistory?: boolean | undefined;
}

/** The records of sessions, how they are sealed, and how their contents are erased or held back. */
export class Evidence {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * The records of a session, from its history, in order.
   * @param options.follow go on with what happens from now, until the session ends
   */
  async *records(
    id: string,
    options: { readonly follow?: boolean; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SessionRecord> {
    for await (const { records } of recordsOf(this.#context.client, id, { follow: false, ...options }))
      yield* records as readonly object[] as readonly SessionRecord[];
  }

  /** How far a session is sealed; null where nobody seals. @throws CustodyError as {@link Evidence.seal} */
  sealing(id: string): Promise<Sealing | null> {
    return sealingOf(this.#context.client, id);
  }

  /**
   * Has all that happened to a session until now sealed by its workers.
   *
   * @returns how far it is sealed; `failing` says why not
   * @throws CustodyError SESSION_NOT_FOUND; NO_WORKER where none with an archive answers; TEMPORAL_UNAVAILABLE
   */
  async seal(id: string): Promise<Sealed> {
    const { client } = this.#context;
    const taskQueue = await this.#queueOf(id);
    const asked = persist(
      () =>
        client.workflow.executeUpdateWithStart(sealUpdate, {
          startWorkflowOperation: sealing(id, taskQueue),
          args: [],
        }),
      id,
    );
    return withinPatience(asked, id);
  }

  /**
   * Erases the contents of a session that is over: its key, its values in the payload store and what Temporal has
   * of it.
   * What was sealed still verifies. The client must have a key of an operator, see docs/audit.md.
   *
   * @param options.early before its retention is over
   * @param options.keepHistory leave what Temporal has
   * @throws CustodyError EVIDENCE_MISSING, EVIDENCE_OPEN, EVIDENCE_HELD, EVIDENCE_RETAINED, ROLE_MISSING, NO_WORKER,
   *   and what is wrong with a proof
   */
  erase(id: string, { early, keepHistory, ...why }: EraseOptions): Promise<OrderDone> {
    return this.#order(id, 'erase', why, { ...(early ? { early } : {}), ...(keepHistory ? { keepHistory } : {}) });
  }

  /**
   * Holds the contents of a session back: nobody erases them until somebody releases them. For auditors.
   * @throws CustodyError EVIDENCE_MISSING, EVIDENCE_ERASED, ROLE_MISSING, NO_WORKER, and what is wrong with a proof
   */
  hold(id: string, why: Why): Promise<OrderDone> {
    return this.#order(id, 'hold', why);
  }

  /** The end of a hold; fails as `hold` does. */
  release(id: string, why: Why): Promise<OrderDone> {
    return this.#order(id, 'release', why);
  }

  async #order(id: string, act: OrderAct, { reason, commandId = randomUUID() }: Why, more: object = {}) {
    const { client, actor, signer, taskQueue } = this.#context;
    const unsigned = { act, actor, reason, commandId, ...more };
    const { namespace } = client.options;
    const proof = signer?.prove({ namespace, session: id, act, commandId, actor }, unsigned);
    const order = { ...unsigned, ...(proof ? { proof } : {}) };
    // The archive may have a session that Temporal has no more.
    const queue = await this.#queueOf(id).catch((error: unknown) => {
      if (error instanceof CustodyError && error.code === 'SESSION_NOT_FOUND') return taskQueue;
      throw error;
    });
    const updateId = commandId;
    const asked = persist(
      () =>
        client.workflow.executeUpdateWithStart(orderUpdate, {
          startWorkflowOperation: sealing(id, queue),
          args: [order],
          updateId,
        }),
      id,
    );
    const reply = await withinPatience(asked, id);
    if (!reply.ok) throw new CustodyError(reply.refusal.code, reply.refusal.message);
    return reply.done;
  }

  async #queueOf(id: string): Promise<string> {
    const { client } = this.#context;
    const missing = new CustodyError('SESSION_NOT_FOUND', `There is no session '${id}'.`);
    const described = await persist(
      () =>
        client.workflow
          .getHandle(id)
          .describe()
          .catch((error: unknown) => {
            if (error instanceof WorkflowNotFoundError) throw missing;
            throw error;
          }),
      id,
    );
    if (described.type !== WORKFLOW_TYPE) throw missing;
    return described.taskQueue;
  }
}

const sealing = (id: string, taskQueue: string) =>
  new WithStartWorkflowOperation(SEAL_TYPE, {
    workflowId: sealId(id),
    taskQueue,
    args: [{}],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowTaskTimeout: TASK_TIMEOUT,
    staticSummary: 'the evidence of a session',
  });

async function withinPatience<T>(asked: Promise<T>, id: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new CustodyError(
            'NO_WORKER',
            `No worker sealed the session '${id}' within ${PATIENCE / 1000} s. One that has \`evidence\` in its ` +
              'custody.yaml must run.',
          ),
        ),
      PATIENCE,
    );
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
    asked.catch(() => undefined);
  }
}
