import { setTimeout as delay } from 'node:timers/promises';
import {
  type CallToolResult,
  type InputRequiredResult,
  ProtocolError,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { SessionHandle } from '../../../client/index.ts';
import type { ReadMethod } from '../../../protocol/calls/call.ts';
import { ERRORS, type Refusal } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { ASK_LATER, askAgain, waitFor as waitAdvice, whileAsked } from './advice.ts';
import { inWords, parked, refusalIn, toProtocolError, toRaw, toResult } from './answers.ts';
import type { Offer } from '../mirror/names.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { endedRefusal } from '../own/ended.ts';
import { connectionIn } from './callId.ts';
import { askClient, type Come, digestOfAsks } from './asks.ts';
import { comeTo, type Made } from './come.ts';
import { type Peer, unasked } from './peer.ts';
import { Tellings } from '../telling/telling.ts';
import { comeAgain, nextState, type StateKeeper, type Turn, turnOf } from './turn.ts';
import { TASK_AFTER, Tasks } from '../tasks/tasks.ts';
import { isFor, whyIn } from '../own/why.ts';
import { STILL_WAITING, waitFor } from './waiting.ts';

/** Clients give a request up after 60 s by default; milliseconds. */
const PARK_AFTER = 45_000;
/** How long the session is asked why a call waits, in milliseconds; it cannot say without a worker. */
const LOOK = 2000;
/** Bytes of arguments that are kept for calls that wait. */
const KEPT = 64 * 1024 * 1024;

export interface CallsOptions {
  readonly session: SessionHandle;
  readonly keeper: StateKeeper;
  /**
   * Milliseconds after which a call without an answer is parked; by default 45 s, and never for a client that takes
   * progress.
   */
  readonly parkAfter?: number | undefined;
  /**
   * Tells one start of the client from another; see `CallOptions`. Where the transport has no connections, a request
   * may say it.
   */
  readonly connection?: string | undefined;
  /** Once it is aborted, who waits is told at once to come again: this process ends, and another one goes on. */
  readonly hurry?: AbortSignal | undefined;
  /** The state of the session as last seen, in words. */
  readonly state: () => string;
}

type Outcome = Come | { readonly again: InputRequiredResult | undefined };

interface Kept {
  readonly make: Made;
  readonly bytes: number;
}

const keptCalls = () => new LRUCache<string, Kept>({ maxSize: KEPT, sizeCalculation: ({ bytes }) => bytes });

const kept = (make: Made, args: JsonObject): Kept => ({ make, bytes: 1024 + Buffer.byteLength(JSON.stringify(args)) });

/**
 * Makes the calls of an MCP client in a session and waits for their answers as long as the client can. What a client
 * does not wait for any more goes on in the session: nothing here cancels a call.
 */
export class Calls {
  readonly #options: CallsOptions;
  /** Calls that were parked, to be asked again under their ids: a call that no worker had taken yet is made then. */
  readonly #parked = keptCalls();
  /** Calls that were answered with a question, to be made if they are meant. */
  readonly #questioned = keptCalls();
  /** What clients hear meanwhile. */
  readonly tellings = new Tellings();

  readonly tasks: Tasks;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.tasks = new Tasks(options.session);
  }

  /** A tool call. What goes wrong is a result, in words. */
  async callTool(
    { server, name }: Offer,
    args: JsonObject,
    declaresOutput: boolean,
    context: ServerContext,
    peer: Peer,
  ): Promise<CallToolResult | InputRequiredResult> {
    const { session } = this.#options;
    const madeAt = Date.now();
    const connection = this.#options.connection ?? connectionIn(context.mcpReq._meta);
    const make: Made = (options) => session.call(`${server}.${name}`, args, { ...options, connection });
    const turn = await turnOf(context, ['tools/call', server, name, args], this.#options.keeper, peer.owner);
    const { callId } = turn;
    try {
      const outcome = await this.#wait(make, { ...turn, server }, context, peer, peer.isModern);
      if ('answer' in outcome) return toResult(outcome.answer, declaresOutput);
      if ('asks' in outcome) return await this.#ask(turn, outcome);
      const task = peer.takesTasks ? await this.tasks.created(callId, madeAt) : undefined;
      if (task) return task as CallToolResult;
      this.#parked.set(callId, kept(make, args));
      return outcome.again ?? (await this.#toBeWaitedFor(callId));
    } catch (error) {
      if (context.mcpReq.signal.aborted || error instanceof ProtocolError) throw error;
      const refusal = await this.#refusalIn(error);
      if (refusal.code === 'REPEATS_EARLIER') return this.#question(callId, refusal, kept(make, args));
      if (!ERRORS[refusal.code].retryable) return inWords(callId, refusal);
      this.#parked.set(callId, kept(make, args));
      return inWords(callId, refusal, `The call may have been taken. ${waitAdvice(callId)}`);
    }
  }

  /** Another request. What goes wrong is a ProtocolError. */
  async request(
    server: string,
    method: ReadMethod,
    params: JsonObject,
    context: ServerContext,
    peer: Peer,
  ): Promise<Result> {
    const { session } = this.#options;
    const turn = await turnOf(context, [method, params], this.#options.keeper, peer.owner);
    const canComeBack = method !== 'completion/complete';
    const outcome = await this.#wait(
      (options) => session.request(server, method, params, options),
      { ...turn, server },
      context,
      canComeBack ? peer : unasked(peer),
      peer.isModern && canComeBack,
    ).catch((error: unknown) => {
      if (context.mcpReq.signal.aborted || error instanceof ProtocolError) throw error;
      throw toProtocolError(refusalIn(error));
    });
    if ('answer' in outcome) return toRaw(method, outcome.answer);
    if ('asks' in outcome) return this.#ask(turn, outcome);
    if (outcome.again) return outcome.again;
    const message = `The request waits: ${this.#why(turn.callId, await this.#look())}.`;
    throw toProtocolError({ code: 'CALL_PARKED', message }, ASK_LATER);
  }

  /** Waits for the answer of a call that was made before. */
  async waitFor(callId: string, context: ServerContext, peer: Peer): Promise<CallToolResult | InputRequiredResult> {
    const { session } = this.#options;
    const known = this.#parked.get(callId);
    try {
      const turn = { ...(await turnOf(context, ['custody_wait', callId], this.#options.keeper)), callId };
      const outcome = await this.#wait(
        (options) => (known ? known.make(options) : session.answer(callId, options)),
        turn,
        context,
        unasked(peer),
        peer.isModern,
      );
      if ('answer' in outcome) return toResult(outcome.answer, false);
      if ('asks' in outcome) return await this.#toBeWaitedFor(callId);
      return outcome.again ?? (await this.#toBeWaitedFor(callId));
    } catch (error) {
      if (context.mcpReq.signal.aborted || error instanceof ProtocolError) throw error;
      const refusal = await this.#refusalIn(error);
      if (known && refusal.code === 'REPEATS_EARLIER') return this.#question(callId, refusal, known);
      return inWords(callId, refusal);
    }
  }

  /** Makes a call after all that was answered with a question, and waits for its answer. */
  async again(callId: string, context: ServerContext, peer: Peer): Promise<CallToolResult | InputRequiredResult> {
    const meant = this.#questioned.get(callId);
    if (!meant && !this.#parked.has(callId)) {
      const message = `No call '${callId}' was answered with REPEATS_EARLIER here.`;
      return inWords(undefined, { code: 'CALL_NOT_FOUND', message });
    }
    if (meant) this.#parked.set(callId, meant);
    this.#questioned.delete(callId);
    return this.waitFor(callId, context, peer);
  }

  /** A call that is not made, as it may be an oversight, and that can be made all the same. */
  #question(callId: string, refusal: Refusal, { make, bytes }: Kept): CallToolResult {
    this.#parked.delete(callId);
    this.#questioned.set(callId, { make: (options) => make({ ...options, again: true }), bytes });
    return inWords(callId, refusal, askAgain(callId));
  }

  /** Of a session that has ended, with why. */
  async #refusalIn(error: unknown): Promise<Refusal> {
    const refusal = refusalIn(error);
    if (refusal.code !== 'SESSION_ENDED') return refusal;
    const view = await this.#look();
    return (view && endedRefusal(view)) ?? refusal;
  }

  #look(): Promise<SessionView | undefined> {
    const look = this.#options.session.describe().catch(() => undefined);
    return Promise.race([look, delay(LOOK, undefined, { ref: false })]);
  }

  /** The client is asked; what it answers comes with the same request again. */
  async #ask(turn: Turn, { asks }: Extract<Come, { asks: unknown }>): Promise<InputRequiredResult> {
    return askClient(asks, await nextState(turn, this.#options.keeper, digestOfAsks(asks)));
  }

  /** @param turn.server of the call, where it is known */
  async #wait(
    make: Made,
    turn: Turn & { readonly server?: string },
    context: ServerContext,
    peer: Peer,
    canComeBack: boolean,
  ): Promise<Outcome> {
    const { session, parkAfter, state, hurry, keeper } = this.#options;
    const hearsProgress = context.mcpReq._meta?.progressToken !== undefined;
    const patience =
      parkAfter ?? (peer.takesTasks ? TASK_AFTER : hearsProgress && !canComeBack ? Infinity : PARK_AFTER);
    const { callId, server, round } = turn;
    const telling = this.tellings.of(callId, server, round > 0 || this.#parked.has(callId), context);
    const heard = { ...turn, hear: telling?.hear };
    const come = await waitFor((signal) => comeTo(session, make, heard, context, peer, signal), context, {
      parkAfter: patience,
      hurry,
      why: () => `no answer yet; ${state()}`,
      progress: telling?.progress,
    });
    await telling?.done();
    return come === STILL_WAITING ? { again: canComeBack ? await comeAgain(turn, keeper) : undefined } : come;
  }

  async #toBeWaitedFor(callId: string): Promise<CallToolResult> {
    const view = await this.#look();
    const isAsked = view?.approvals.some((each) => isFor(each, callId)) === true;
    return parked(callId, this.#why(callId, view), isAsked ? whileAsked(callId) : waitAdvice(callId));
  }

  #why(callId: string, view: SessionView | undefined): string {
    return view ? whyIn(view, callId) : this.#options.state();
  }
}
