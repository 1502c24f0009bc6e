import { setTimeout as delay } from 'node:timers/promises';
import {
  type CallToolResult,
  type InputRequiredResult,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { SessionHandle } from '../../../client/index.ts';
import type { Answer, ReadMethod } from '../../../protocol/calls/call.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { ASK_LATER, waitFor as waitAdvice } from './advice.ts';
import { inWords, parked, refusalIn, toProtocolError, toRaw, toResult } from './answers.ts';
import type { Offer } from '../mirror/names.ts';
import { answerOrForms, askUser, passOn } from './forms.ts';
import { comeAgain, type Turn, turnOf } from './turn.ts';
import { STILL_WAITING, waitFor } from './waiting.ts';

/** Clients give a request up after 60 s by default; milliseconds. */
const PARK_AFTER = 45_000;
/** How long the session is asked why a call waits, in milliseconds; it cannot say without a worker. */
const LOOK = 2000;
/** Bytes of arguments that are kept for calls that wait. */
const KEPT = 64 * 1024 * 1024;

export interface CallsOptions {
  readonly session: SessionHandle;
  /**
   * Milliseconds after which a call without an answer is parked; by default 45 s, and never for a client that takes
   * progress.
   */
  readonly parkAfter?: number | undefined;
  /** The state of the session as last seen, in words. */
  readonly state: () => string;
}

/** What is known of the client of a request. */
export interface Peer {
  /** It speaks revision 2026-07-28 or later. */
  readonly isModern: boolean;
  /** Its user can be asked to fill in forms. */
  readonly takesForms: boolean;
}

type Made<T = Answer> = (options: {
  readonly callId: string;
  readonly signal: AbortSignal;
  readonly wait?: 'unless-asked';
}) => Promise<T>;
type Outcome<T> = { readonly answer: T } | { readonly again: InputRequiredResult | undefined };

/**
 * Makes the calls of an MCP client in a session and waits for their answers as long as the client can. What a client
 * does not wait for any more goes on in the session: nothing here cancels a call.
 */
export class Calls {
  readonly #options: CallsOptions;
  /** Calls that were parked, to be asked again under their ids: a call that no worker had taken yet is made then. */
  readonly #parked = new LRUCache<string, { readonly make: Made; readonly bytes: number }>({
    maxSize: KEPT,
    sizeCalculation: ({ bytes }) => bytes,
  });

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** A tool call. What goes wrong is a result, in words. */
  async callTool(
    { server, name }: Offer,
    args: JsonObject,
    declaresOutput: boolean,
    context: ServerContext,
    { isModern, takesForms }: Peer,
  ): Promise<CallToolResult | InputRequiredResult> {
    const { session } = this.#options;
    const make: Made = (options) => session.call(`${server}.${name}`, args, options);
    const turn = turnOf(context);
    const { callId } = turn;
    try {
      await passOn(session, turn, context);
      const makeOrAsk = takesForms
        ? (options: Parameters<Made>[0]) =>
            answerOrForms(session, callId, () => make({ ...options, wait: 'unless-asked' }))
        : make;
      const outcome = await this.#wait(makeOrAsk, turn, context, isModern);
      if ('answer' in outcome)
        return 'forms' in outcome.answer
          ? askUser(turn, outcome.answer.forms)
          : toResult(outcome.answer, declaresOutput);
      this.#remember(callId, make, args);
      return outcome.again ?? parked(callId, await this.#why(callId));
    } catch (error) {
      if (context.mcpReq.signal.aborted) throw error;
      const refusal = refusalIn(error);
      if (!ERRORS[refusal.code].retryable) return inWords(callId, refusal);
      this.#remember(callId, make, args);
      return inWords(callId, refusal, `The call may have been taken. ${waitAdvice(callId)}`);
    }
  }

  /** Another request. What goes wrong is a ProtocolError. */
  async request(
    server: string,
    method: ReadMethod,
    params: JsonObject,
    context: ServerContext,
    isModern: boolean,
  ): Promise<Result> {
    const { session } = this.#options;
    const turn = turnOf(context);
    const outcome = await this.#wait(
      (options) => session.request(server, method, params, options),
      turn,
      context,
      isModern && method !== 'completion/complete',
    ).catch((error: unknown) => {
      throw context.mcpReq.signal.aborted ? error : toProtocolError(refusalIn(error));
    });
    if ('answer' in outcome) return toRaw(method, outcome.answer);
    if (outcome.again) return outcome.again;
    const message = `The request waits: ${await this.#why(turn.callId)}.`;
    throw toProtocolError({ code: 'CALL_PARKED', message }, ASK_LATER);
  }

  /** Waits for the answer of a call that was made before. */
  async waitFor(
    callId: string,
    context: ServerContext,
    isModern: boolean,
  ): Promise<CallToolResult | InputRequiredResult> {
    const { session } = this.#options;
    const known = this.#parked.get(callId);
    try {
      const turn = { ...turnOf(context), callId };
      const outcome = await this.#wait(
        ({ signal }) => (known ? known.make({ callId, signal }) : session.answer(callId, { signal })),
        turn,
        context,
        isModern,
      );
      if ('answer' in outcome) return toResult(outcome.answer, false);
      return outcome.again ?? parked(callId, await this.#why(callId));
    } catch (error) {
      if (context.mcpReq.signal.aborted) throw error;
      return inWords(callId, refusalIn(error));
    }
  }

  #remember(callId: string, make: Made, args: JsonObject): void {
    this.#parked.set(callId, { make, bytes: 1024 + Buffer.byteLength(JSON.stringify(args)) });
  }

  async #wait<T>(make: Made<T>, turn: Turn, context: ServerContext, canComeBack: boolean): Promise<Outcome<T>> {
    const { parkAfter, state } = this.#options;
    const hearsProgress = context.mcpReq._meta?.progressToken !== undefined;
    const patience = parkAfter ?? (hearsProgress && !canComeBack ? Infinity : PARK_AFTER);
    const answer = await waitFor((signal) => make({ callId: turn.callId, signal }), context, {
      parkAfter: patience,
      why: () => `no answer yet; ${state()}`,
    });
    return answer === STILL_WAITING ? { again: canComeBack ? comeAgain(turn) : undefined } : { answer };
  }

  async #why(callId: string): Promise<string> {
    const { session, state } = this.#options;
    const look = session.describe().catch(() => undefined);
    const view = await Promise.race([look, delay(LOOK, undefined, { ref: false })]);
    if (!view) return state();
    const call = view.openCalls.find((each) => each.callId === callId);
    const trouble = call?.trouble ? ` (${call.trouble.code}: ${call.trouble.message})` : '';
    const asks = call?.asks
      ? ` (its server asks a person: ${call.asks.map(({ message }) => message).join(' / ')})`
      : '';
    return (
      `it is ${call?.phase.replace('_', ' ') ?? 'not taken yet'}${trouble}${asks}, and the session is ` +
      `${view.state}${view.reason ? `: ${view.reason}` : ''}`
    );
  }
}
