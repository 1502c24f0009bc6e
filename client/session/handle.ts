import type { Entry } from '../../audit/entry.ts';
import type { AgentRecord } from '../../protocol/agent.ts';
import type { Answer, ReadMethod, ServerPin } from '../../protocol/calls/call.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { Json, JsonObject } from '../../protocol/values/json.ts';
import type { Resolution } from '../../protocol/commands.ts';
import type { SessionView } from '../../protocol/view.ts';
import type { Accepted, AttachReply } from '../../protocol/replies.ts';
import { pinsQuery } from '../../workflows/messages.ts';
import type { Tuning } from '../../protocol/session-input.ts';
import type { Context } from '../context.ts';
import { query } from '../temporal/query.ts';
import { type Attached, attachedOf } from './agents/attached.ts';
import { SessionApprovals } from './approvals.ts';
import { SessionReviews } from './reviews.ts';
import { awaitAnswer, type CallOptions, makeCall } from './calls/calls.ts';
import { type CommandOptions, giveCommand, type RespondOptions } from './command.ts';
import { awaitEnd, describeSession, stateOf, type StateSummary } from './describe.ts';
import { type ForkOptions, forkSession } from './starts/fork.ts';
import { beat, keepBeating } from './agents/heartbeat.ts';
import { previewRollback, type RollbackPreview } from './preview.ts';
import { recoverSession } from './starts/recover.ts';
import { startedWith } from './starts/startedWith.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import { carried } from './agents/savedState.ts';
import { type CallDetails, callDetails } from './calls/details.ts';
import { type RecentCall, recentCalls } from './calls/recent.ts';
import { requestOf, toolOf } from './calls/subject.ts';
import { watchSession } from './watch.ts';

/**
 * One session, for calling tools through it, steering it and reading what happened. It holds nothing: any number of
 * handles of one session may be made, in any process, as the name of the client that made them.
 */
export class SessionHandle {
  readonly id: string;
  /** In whose name it asks. */
  readonly actor: string;
  /** What it asks persons to approve. */
  readonly approvals: SessionApprovals;
  /** What it asks persons to review. */
  readonly reviews: SessionReviews;
  readonly #context: Context;

  constructor(context: Context, id: string) {
    this.id = id;
    this.actor = context.actor;
    this.#context = context;
    this.approvals = new SessionApprovals(context, id);
    this.reviews = new SessionReviews(context, id);
  }

  /**
   * Calls a tool and returns the answer, whatever the outcome; a call that was never taken is an error. The result
   * stands in it as it came: `mcpResult` gives it in MCP's own type, where it is of that.
   *
   * Arguments and results above 64 KiB go by way of the payload store. A result that cannot be read there is given as
   * `{ ref }`: the call is what it is all the same, and `payloads.get(ref)` says why.
   * @param target `server.tool`
   */
  async call(target: string, args: JsonObject = {}, options: CallOptions = {}): Promise<Answer> {
    return makeCall(this.#context, this.id, toolOf(target), args, options);
  }

  /**
   * Makes another request of MCP than `tools/call`: lists, reads of resources and prompts. It is governed and recorded
   * like a call; `answer.result.raw` is the result as the server gave it.
   * @param params of the request, without `_meta`
   */
  async request(
    server: string,
    method: ReadMethod,
    params: JsonObject = {},
    options: CallOptions = {},
  ): Promise<Answer> {
    return makeCall(this.#context, this.id, requestOf(server, method, params), params, options);
  }

  /** The answer of a call that was made before. Fails with CALL_NOT_FOUND, ANSWER_EXPIRED, or the signal's reason. */
  answer(callId: string, options: Pick<CallOptions, 'signal' | 'hear'> = {}): Promise<Answer> {
    return awaitAnswer(this.#context, this.id, callId, options);
  }

  /** Stops new calls until `resume`. */
  pause(options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('pause', {}, options);
  }

  /** Goes on after a pause. @param options.acceptChanges pin configuration and tools as they are now */
  resume(options: CommandOptions & { readonly acceptChanges?: boolean | undefined } = {}): Promise<Accepted> {
    return this.#command('resume', { acceptChanges: options.acceptChanges ?? false }, options);
  }

  /** Moves the deadline. @param by milliseconds */
  extend(by: number, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('extend', { by: formatDuration(by) }, options);
  }

  /** Adds money to the budget. @param usd as people write it: `'12.5'` */
  topUp(usd: string, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('topUp', { usd }, options);
  }

  /** Says that an incident was looked at; the reason says what came of it. @param incident such as `i1` */
  closeIncident(incident: string, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('closeIncident', { incident }, options);
  }

  /** Ends the session as COMPLETED. */
  complete(options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('complete', {}, options);
  }

  /** Ends the session as FAILED (cancelled). */
  cancel(options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('cancel', {}, options);
  }

  /** Names a point to which the session can go back. */
  checkpoint(name: string, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('checkpoint', { name }, options);
  }

  /**
   * Undoes what the session did, the last first, and names what cannot be undone.
   * @param options.to a checkpoint; the start by default
   */
  rollback(options: CommandOptions & { readonly to?: string | undefined } = {}): Promise<Accepted> {
    return this.#command('rollback', { to: options.to ?? null }, options);
  }

  /** What `rollback` would do; changes nothing. */
  previewRollback({ to }: { readonly to?: string | undefined } = {}): Promise<RollbackPreview> {
    return previewRollback(this.#context, this.id, to ?? null);
  }

  /** Settles a call that is in doubt. */
  resolve(callId: string, as: Resolution, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('resolve', { callId, as }, options);
  }

  /**
   * Answers what a server asked in a call. It stands in the history of the session: never answer with a password.
   * @param response the content of the form; or `{ action: 'decline' }`, `{ action: 'cancel' }`, `{ action: 'accept',
   * content }`; of what the client itself is asked, its result. Of several, an object of these by key.
   */
  respond(callId: string, response: JsonObject, { inPart, ...options }: RespondOptions = {}): Promise<Accepted> {
    return this.#command('respond', { callId, with: response, ...(inPart ? { inPart } : {}) }, options);
  }

  /** For an agent that started again: how the session stands, what it saved, which calls were answered. On record. */
  async attach(options: CommandOptions = {}): Promise<Attached> {
    const reply = (await this.#command('attach', {}, options)) as Extract<AttachReply, { ok: true }>;
    return attachedOf(reply, this.#context.payloads);
  }

  /**
   * Keeps what an agent needs to go on from, for `attach` and checkpoints; the last one counts.
   * @param state JSON up to 256 KiB
   */
  async saveState(state: Json, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('saveState', { ...(await carried(state, this.#context.payloads)) } as JsonObject, options);
  }

  /** Puts on record what Custody cannot see: a decision, an API request, model usage, which is added up. */
  record(entry: AgentRecord, options: CommandOptions = {}): Promise<Accepted> {
    return this.#command('record', { ...entry } as unknown as JsonObject, options);
  }

  /**
   * Says that the agent is there, where the profile has `session.agentHeartbeat`. Its calls and other commands say so,
   * too.
   */
  heartbeat(): Promise<void> {
    return beat(this.#context, this.id);
  }

  /** Says so at once and each `everyMs`, a third of `session.agentHeartbeat` or so, until what it returns is called. */
  keepAlive(everyMs: number): () => void {
    return keepBeating(() => this.heartbeat(), everyMs);
  }

  /**
   * Starts a session from a checkpoint of this one, which goes on as it is. The fork keeps the deadline, spending and
   * open reviews of its parent; the outside world is shared, and each session undoes its own calls only.
   * @throws CustodyError CHECKPOINT_NOT_FOUND, SESSION_NOT_FOUND, DEADLINE_PASSED, SESSION_EXISTS
   */
  async fork(options: ForkOptions): Promise<SessionHandle> {
    return new SessionHandle(this.#context, await forkSession(this.#context, this.id, options));
  }

  /**
   * Brings back a session that was terminated, reset or otherwise lost outside Custody: it goes on from its last good
   * point, PAUSED until `resume`. Calls that were under way are in doubt, unless a worker knows how they ended or they
   * may be repeated.
   *
   * @throws CustodyError NOTHING_TO_RECOVER, HISTORY_GONE, HISTORY_UNREADABLE
   */
  recover(options: { readonly reason?: string | undefined; readonly tuning?: Tuning } = {}): Promise<SessionView> {
    return recoverSession(this.#context, this.id, options);
  }

  /** The session as it is, also once it has ended. */
  describe(): Promise<SessionView> {
    return describeSession(this.#context, this.id);
  }

  /** The same, and its last calls of tools with what was asked, from its history; oldest first. */
  recentCalls(most = 20): Promise<{ readonly view: SessionView; readonly calls: readonly RecentCall[] }> {
    return recentCalls(this.#context, this.id, most);
  }

  /** All that is known of one call: its arguments, what happened to it, its answer. Reads the whole history. */
  callDetails(callId: string): Promise<CallDetails> {
    return callDetails(this.#context, this.id, callId);
  }

  /** The spec that it was started with; undefined for a fork, which has none of its own. */
  startedWith(): Promise<SessionSpec | undefined> {
    return startedWith(this.#context.client, this.id);
  }

  /** Its state, whether it has ended, and what it waits for, also where no worker runs. */
  state(): Promise<StateSummary> {
    return stateOf(this.#context.client, this.id);
  }

  /** The servers of a session that has not ended, with the tools that it pinned: their hashes and effects. */
  pins(): Promise<{ readonly [server: string]: ServerPin }> {
    return query(this.#context, this.id, pinsQuery);
  }

  /** Waits until the session has ended, and returns it as it ended. */
  wait(): Promise<SessionView> {
    return awaitEnd(this.#context.client, this.id);
  }

  /**
   * What happened to the session, in order, from its history.
   * @param options.follow go on until the session ends (default)
   * @param options.signal ends it, without an error
   */
  watch(options: { readonly follow?: boolean; readonly signal?: AbortSignal } = {}): AsyncGenerator<Entry> {
    return watchSession(this.#context.client, this.id, options);
  }

  #command(name: Parameters<typeof giveCommand>[2], fields: JsonObject, options: CommandOptions): Promise<Accepted> {
    return giveCommand(this.#context, this.id, name, fields, options);
  }
}
