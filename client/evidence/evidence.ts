import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Entry } from '../../audit/entry.ts';
import type { Json } from '../../protocol/values/json.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { SEAL_TYPE, sealId, sealUpdate, TASK_TIMEOUT, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import type { Context } from '../context.ts';
import { recordsOf } from '../session/watch.ts';
import { persist } from '../temporal/persist.ts';

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

/** The records of sessions, as they are sealed. */
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

  /**
   * Has all that happened to a session until now sealed by its workers.
   *
   * @returns how far it is sealed; `failing` says why not
   * @throws CustodyError SESSION_NOT_FOUND; NO_WORKER where none with an archive answers; TEMPORAL_UNAVAILABLE
   */
  async seal(id: string): Promise<Sealed> {
    const { client } = this.#context;
    const taskQueue = await this.#queueOf(id);
    const start = () =>
      new WithStartWorkflowOperation(SEAL_TYPE, {
        workflowId: sealId(id),
        taskQueue,
        args: [{}],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowTaskTimeout: TASK_TIMEOUT,
        staticSummary: 'the evidence of a session',
      });
    const asked = persist(
      () => client.workflow.executeUpdateWithStart(sealUpdate, { startWorkflowOperation: start(), args: [] }),
      id,
    );
    return withinPatience(asked, id);
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
