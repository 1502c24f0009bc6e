import { randomBytes, randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { type Entry, TimelineReader } from '../audit/timeline.ts';
import type { AgentRecord } from '../protocol/agent.ts';
import type { Answer, ReadMethod, ServerPin } from '../protocol/call.ts';
import type { Resolution } from '../session/commands.ts';
import { formatDuration } from '../protocol/values/duration.ts';
import { CustodyError } from '../protocol/errors.ts';
import { isObject, type Json, type JsonObject } from '../protocol/values/json.ts';
import type { PayloadStore } from '../protocol/values/payload.ts';
import { TASK_QUEUE } from '../protocol/queues.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import type { SessionView } from '../session/view.ts';
import { FolderStore } from '../store/folder.ts';
import { storeFolder } from '../store/location.ts';
import {
  type AttachReply,
  type CallInput,
  type CommandInput,
  type CommandReply,
  commandUpdate,
  pinsQuery,
  type SessionInput,
  type Tuning,
  TASK_TIMEOUT,
  WORKFLOW_TYPE,
} from '../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';
import { type Attached, attachedOf, beat, carried, keepBeating } from './agents.ts';
import { awaitAnswer, makeCall } from './calls.ts';
import { type ConnectOptions, connectionSettings, openConnection } from './connection.ts';
import { awaitEnd, describeSession, stateOf } from './describe.ts';
import { toCustodyError } from './errors.ts';
import { forkSession } from './fork.ts';
import { historyOf } from './history.ts';
import { listSessions, type ListOptions, type SessionSummary } from './list.ts';
import { outlined, outlinedPlan, whole } from './payloads.ts';
import { persist } from './persist.ts';
import { query } from './query.ts';
import { previewRollback, type RollbackPreview } from './preview.ts';
import { recoverSession } from './recover.ts';
import { withWorker } from './withWorker.ts';

/** Who asks, and why. The actor is on record as claimed: nothing proves it yet. */
export interface CommandOptions {
  /** Default: the actor of the client, which is the system user by default. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  /** Repeats of one id are one command. Random by default. */
  readonly commandId?: string | undefined;
}

export interface CallOptions extends CommandOptions {
  /** Repeats of one id are one call with one effect. Random by default. */
  readonly callId?: string | undefined;
  /** Wait for the answer while the session is paused or the call is in doubt; else CALL_PARKED. Default true. */
  readonly wait?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The client of Custody: starts sessions, calls tools through them, steers them and reads what happened.
 * Every method fails with `CustodyError`, whose `code` is one of docs/errors.md.
 */
export class Custody {
  /** The client of Temporal underneath, for what this one does not have. */
  readonly temporal: Client;
  readonly actor: string;
  readonly taskQueue: string;
  /** Values that are too large for history: the store that the workers have, too. */
  readonly payloads: PayloadStore;

  private constructor(temporal: Client, actor: string, taskQueue: string, payloads: PayloadStore) {
    this.temporal = temporal;
    this.actor = actor;
    this.taskQueue = taskQueue;
    this.payloads = payloads;
  }

  /** Connects as the options say, else the environment, else Temporal's configuration files. */
  static async connect(options: ConnectOptions & { readonly actor?: string | undefined } = {}): Promise<Custody> {
    const settings = connectionSettings(options);
    const connection = await openConnection(settings);
    return new Custody(
      new Client({ connection, namespace: settings.namespace }),
      options.actor ?? systemUser(),
      options.taskQueue ?? TASK_QUEUE,
      new FolderStore(storeFolder(options.store)),
    );
  }

  async close(): Promise<void> {
    await this.temporal.connection.close();
  }

  /** Starts a session and returns its id. It is in INIT then; `describe` and `watch` tell how it goes on. */
  async start(
    spec: SessionSpec,
    options: CommandOptions & { readonly id?: string | undefined; readonly tuning?: Tuning } = {},
  ): Promise<string> {
    const { checkSpec } = await import('../config/spec.ts'); // A quarter of the time that the client takes to load, and only `start` needs it.
    const checked = await outlinedPlan(checkSpec(spec), this.payloads);
    const id = options.id ?? randomId();
    const input: SessionInput = {
      spec: checked,
      by: { actor: options.actor ?? this.actor, reason: options.reason ?? '' },
      ...(options.tuning ? { tuning: options.tuning } : {}),
    };
    try {
      await this.temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId: id,
        taskQueue: this.taskQueue,
        args: [input],
        workflowTaskTimeout: TASK_TIMEOUT,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: `${checked.agent.id}@${checked.agent.version}`.slice(0, 200),
        typedSearchAttributes: new TypedSearchAttributes([
          { key: SEARCH_ATTRIBUTES.state, value: 'INIT' },
          { key: SEARCH_ATTRIBUTES.agent, value: checked.agent.id },
          { key: SEARCH_ATTRIBUTES.profile, value: checked.profile },
        ]),
      });
      return id;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        throw new CustodyError('SESSION_EXISTS', `There is or was a session '${id}'.`, { cause: error });
      throw toCustodyError(error, id);
    }
  }

  /**
   * Calls a tool through a session and returns the answer, whatever the outcome; a call that was never taken is an
   * error.
   *
   * Arguments and results above 64 KiB go by way of the payload store. A result that cannot be read there is given as
   * `{ ref }`: the call is what it is all the same, and `payloads.get(ref)` says why.
   *
   * @param target `server.tool`
   */
  async call(id: string, target: string, args: JsonObject = {}, options: CallOptions = {}): Promise<Answer> {
    const dot = target.indexOf('.');
    if (dot < 1) throw new CustodyError('MALFORMED_COMMAND', `'${target}' is not of the form server.tool.`);
    return this.ask(id, { server: target.slice(0, dot), tool: target.slice(dot + 1) }, args, options);
  }

  /**
   * Makes another request of MCP than `tools/call` through a session: lists, reads of resources and prompts (E8). It is
   * governed and recorded like a call; `answer.result.raw` is the result as the server gave it.
   *
   * @param params of the request, without `_meta`
   */
  async request(
    id: string,
    server: string,
    method: ReadMethod,
    params: JsonObject = {},
    options: CallOptions = {},
  ): Promise<Answer> {
    return this.ask(id, { server, tool: subjectOf(method, params), method }, params, options);
  }

  /** Waits for the answer of a call that was made before, by its id. Fails with CALL_NOT_FOUND and ANSWER_EXPIRED. */
  async answer(
    id: string,
    callId: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Answer> {
    return whole(await awaitAnswer(this.temporal, this.taskQueue, id, callId, signal), this.payloads);
  }

  /** Stops new calls until `resume`. */
  pause(id: string, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'pause', {}, options);
  }

  /** Goes on after a pause. @param options.acceptChanges pin configuration and tools as they are now */
  resume(id: string, options: CommandOptions & { readonly acceptChanges?: boolean } = {}): Promise<CommandReply> {
    return this.command(id, 'resume', { acceptChanges: options.acceptChanges ?? false }, options);
  }

  /** Moves the deadline. @param by milliseconds */
  extend(id: string, by: number, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'extend', { by: formatDuration(by) }, options);
  }

  /** Ends the session as COMPLETED. */
  complete(id: string, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'complete', {}, options);
  }

  /** Ends the session as FAILED (cancelled). */
  cancel(id: string, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'cancel', {}, options);
  }

  /** Names a point to which the session can go back. */
  checkpoint(id: string, name: string, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'checkpoint', { name }, options);
  }

  /**
   * Undoes what the session did, the last first, and names what cannot be undone.
   * @param options.to a checkpoint; the start by default
   */
  rollback(id: string, options: CommandOptions & { readonly to?: string | undefined } = {}): Promise<CommandReply> {
    return this.command(id, 'rollback', { to: options.to ?? null }, options);
  }

  /** What `rollback` would do; changes nothing. */
  previewRollback(id: string, { to }: { readonly to?: string | undefined } = {}): Promise<RollbackPreview> {
    return previewRollback(this.temporal, this.taskQueue, this.payloads, id, to ?? null);
  }

  /** Settles a call that is in doubt. */
  resolve(id: string, callId: string, as: Resolution, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'resolve', { callId, as }, options);
  }

  /**
   * Answers what a server asked in a call. It stands in the history of the session: never answer with a password.
   *
   * @param response the content of the form; or `{ action: 'decline' }`, `{ action: 'cancel' }`, `{ action: 'accept',
   * content }`. Of several forms, an object of these by key.
   */
  respond(id: string, callId: string, response: JsonObject, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'respond', { callId, with: response }, options);
  }

  /**
   * For an agent that started again: how the session stands, what the agent saved, and which of its calls were
   * answered. On record.
   */
  async attach(id: string, options: CommandOptions = {}): Promise<Attached> {
    return attachedOf(
      (await this.command(id, 'attach', {}, options)) as Extract<AttachReply, { ok: true }>,
      this.payloads,
    );
  }

  /**
   * Keeps what an agent needs to go on from, for `attach` and checkpoints; the last one counts.
   * @param state JSON up to 256 KiB
   */
  async saveState(id: string, state: Json, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'saveState', { ...(await carried(state, this.payloads)) } as JsonObject, options);
  }

  /** Puts on record what Custody cannot see: a decision, an API request, model usage, which is added up. */
  record(id: string, entry: AgentRecord, options: CommandOptions = {}): Promise<CommandReply> {
    return this.command(id, 'record', { ...entry } as unknown as JsonObject, options);
  }

  /**
   * Says that the agent is there, where the profile has `session.agentHeartbeat`. Its calls and other commands say so,
   * too.
   */
  heartbeat(id: string, options: CommandOptions = {}): Promise<void> {
    return beat(this.temporal, id, options.actor ?? this.actor);
  }

  /**
   * Says so at once and at intervals; does not keep the process running.
   * @param everyMs well below `session.agentHeartbeat`, such as a third of it
   * @returns stops it
   */
  keepAlive(id: string, everyMs: number): () => void {
    return keepBeating(() => this.heartbeat(id), everyMs);
  }

  /**
   * Starts a session from a checkpoint of another, which goes on as it is, and returns its id. The fork keeps the
   * deadline, spending and open duties of its parent; the outside world is shared, and each session undoes its own
   * calls only.
   *
   * @throws CustodyError CHECKPOINT_NOT_FOUND, SESSION_NOT_FOUND, DEADLINE_PASSED, SESSION_EXISTS
   */
  async fork(
    parent: string,
    {
      at,
      id = randomId(),
      actor = this.actor,
      reason = '',
      tuning,
    }: CommandOptions & { readonly at: string; readonly id?: string | undefined; readonly tuning?: Tuning },
  ): Promise<string> {
    await forkSession(this.temporal, this.taskQueue, id, { parent, at, by: { actor, reason } }, tuning);
    return id;
  }

  /**
   * Brings back a session that was terminated, reset or otherwise lost outside Custody: it goes on from its last good
   * point, PAUSED until `resume`. Calls that were under way are in doubt, unless a worker knows how they ended or they
   * may be repeated.
   *
   * @throws CustodyError NOTHING_TO_RECOVER, HISTORY_GONE, HISTORY_UNREADABLE
   */
  recover(id: string, options: CommandOptions & { readonly tuning?: Tuning } = {}): Promise<SessionView> {
    return recoverSession(
      this.temporal,
      this.taskQueue,
      id,
      { actor: options.actor ?? this.actor, reason: options.reason ?? '' },
      options.tuning,
    );
  }

  describe(id: string): Promise<SessionView> {
    return describeSession(this.temporal, this.taskQueue, id);
  }

  /** The state of a session and whether it has ended, also where no worker runs. */
  state(id: string): Promise<{ readonly state: string; readonly ended: boolean }> {
    return stateOf(this.temporal, id);
  }

  /** The servers of a session that has not ended, with the tools that it pinned: their hashes and effects. */
  pins(id: string): Promise<{ readonly [server: string]: ServerPin }> {
    return query(this.temporal, this.taskQueue, id, pinsQuery);
  }

  /** Waits until the session has ended, and returns it as it ended. */
  wait(id: string): Promise<SessionView> {
    return awaitEnd(this.temporal, id);
  }

  list(options: ListOptions = {}): AsyncIterable<SessionSummary> {
    return listSessions(this.temporal, this.taskQueue, options);
  }

  /**
   * What happened to a session, in order, from its history.
   * @param options.follow go on until the session ends (default)
   */
  async *watch(
    id: string,
    { follow = true, signal }: { readonly follow?: boolean; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<Entry> {
    let reader: TimelineReader | undefined;
    let current = '';
    try {
      for await (const { runId, event, isCopy } of historyOf(this.temporal, id, follow, signal)) {
        if (runId !== current) reader = new TimelineReader(runId);
        current = runId;
        const entries = reader?.read(event) ?? [];
        if (!isCopy) yield* entries;
      }
    } catch (error) {
      if (signal?.aborted) return;
      throw toCustodyError(error, id);
    }
  }

  private async ask(
    id: string,
    what: Pick<CallInput, 'server' | 'tool' | 'method'>,
    args: JsonObject,
    options: CallOptions,
  ): Promise<Answer> {
    const input = {
      actor: options.actor ?? this.actor,
      callId: options.callId ?? randomUUID(),
      ...what,
      ...(await outlined(args, this.payloads)),
    };
    return whole(
      await makeCall(this.temporal, this.taskQueue, id, input, { wait: options.wait ?? true, signal: options.signal }),
      this.payloads,
    );
  }

  private async command(
    id: string,
    name: Parameters<typeof commandUpdate>[0],
    fields: JsonObject,
    options: CommandOptions,
  ): Promise<CommandReply> {
    const commandId = options.commandId ?? randomUUID();
    const input: CommandInput = {
      ...fields,
      actor: options.actor ?? this.actor,
      commandId,
      ...(options.reason ? { reason: options.reason } : {}),
    };
    const handle = this.temporal.workflow.getHandle(id);
    const reply = await persist(
      () =>
        withWorker(this.temporal, this.taskQueue, () =>
          handle.executeUpdate(commandUpdate(name), { args: [input], updateId: commandId }),
        ),
      id,
    );
    if (!reply.ok) throw new CustodyError(reply.refusal.code, reply.refusal.message);
    return reply;
  }
}

const SUBJECT = 200;

/** What a request is about, for people who read the record. */
function subjectOf(method: ReadMethod, { uri, name, ref }: JsonObject): string {
  const subject = [uri, name, ...(isObject(ref) ? [ref.uri, ref.name] : [])].find(
    (each) => typeof each === 'string' && each !== '',
  );
  return typeof subject === 'string' ? subject.slice(0, SUBJECT) : method;
}

const randomId = (): string => `session-${randomBytes(8).toString('hex')}`;

/** The user of this process; by number where the system has no name for it, as in some containers. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
