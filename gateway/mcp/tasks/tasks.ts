import { setTimeout as delay } from 'node:timers/promises';
import { ProtocolError, ProtocolErrorCode, type Result } from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { SessionHandle } from '../../../client/index.ts';
import { CustodyError, ERRORS } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import type { OpenCallView, SessionView } from '../../../protocol/view.ts';
import { inWords, refusalIn, toProtocolError, toResult } from '../calls/answers.ts';
import { passOn, type Takes } from '../calls/asks.ts';
import { whyIn } from '../own/why.ts';
import { inputsOf, requestsTo, saidTo } from './inputs.ts';

/** Milliseconds for which a client that takes tasks holds its request open. */
export const TASK_AFTER = 5000;
/** How often a client shall look, in milliseconds. */
const POLL = 5000;
/** How long an answer that should be there is waited for. */
const LOOK = 2000;
/** Tasks of which it is kept whose they are. */
const MOST = 10_000;

interface Origin {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly actor: string;
}

/**
 * Calls that wait, as tasks of MCP: the id of a task is that of the call, and all that is told of it is the session's,
 * so that any process tells it, for as long as there is the session. A task is of whoever made the call.
 */
export class Tasks {
  readonly #session: SessionHandle;
  /** By call id; what is not here is read from the history. */
  readonly #origins = new LRUCache<string, Origin>({ max: MOST });

  constructor(session: SessionHandle) {
    this.#session = session;
  }

  /**
   * The task of a call that was just made; undefined where the session has not taken the call yet: what could be
   * lost is no task.
   */
  async created(callId: string, madeAt: number): Promise<Result | undefined> {
    const view = await Promise.race([this.#session.describe(), delay(LOOK, undefined, { ref: false })]).catch(
      () => undefined,
    );
    const call = view?.openCalls.find((each) => each.callId === callId);
    if (!view || !call) return undefined;
    const origin = { createdAt: new Date(madeAt).toISOString(), actor: call.actor };
    this.#origins.set(callId, origin);
    return { resultType: 'task', ...asTask(callId, origin), status: 'working', statusMessage: whyIn(view, callId) };
  }

  /**
   * How a task stands.
   *
   * @param takes what the client can be asked
   * @throws ProtocolError -32602 for one that is not there, or not the caller's
   */
  async get(callId: string, takes: Takes): Promise<Result> {
    const { view, origin, call } = await this.#find(callId);
    const task = asTask(callId, origin);
    if (call) {
      const inputRequests = requestsTo(inputsOf(call), takes);
      const statusMessage = whyIn(view, callId);
      return Object.keys(inputRequests).length === 0
        ? { ...task, status: 'working', statusMessage }
        : { ...task, status: 'input_required', statusMessage, inputRequests };
    }
    const signal = AbortSignal.timeout(LOOK);
    try {
      const answer = await this.#session.answer(callId, { signal });
      return { ...task, status: 'completed', result: toResult(answer, false) };
    } catch (error) {
      if (signal.aborted) return { ...task, status: 'working' };
      const refusal = refusalIn(error);
      if (refusal.code === 'CALL_NOT_FOUND') throw noTask();
      if (ERRORS[refusal.code].retryable) throw toProtocolError(refusal);
      return { ...task, status: 'completed', result: inWords(callId, refusal) };
    }
  }

  /**
   * Passes on what the client answered, some of what is asked or all. What is not asked any more is passed over.
   *
   * @throws ProtocolError -32602 for a task that is not there; for an answer that the session does not take
   */
  async update(callId: string, responses: JsonObject): Promise<Result> {
    const { call } = await this.#find(callId);
    if (!call) return {};
    const said = saidTo(inputsOf(call), responses);
    await passOn(this.#session, callId, call.asks ?? [], said).catch((error: unknown) => {
      throw toProtocolError(refusalIn(error));
    });
    return {};
  }

  /** Nothing is stopped: whoever made a call does not take it back, people do. */
  async cancel(callId: string): Promise<Result> {
    await this.#find(callId);
    return {};
  }

  async #find(callId: string): Promise<{ view: SessionView; origin: Origin; call: OpenCallView | undefined }> {
    try {
      const view = await this.#session.describe();
      const call = view.openCalls.find((each) => each.callId === callId);
      const origin = this.#origins.get(callId) ?? (await this.#read(callId));
      this.#origins.set(callId, origin);
      if (origin.actor !== this.#session.actor) throw noTask();
      return { view, origin, call };
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      if (error instanceof CustodyError && error.code === 'CALL_NOT_FOUND') throw noTask();
      throw toProtocolError(refusalIn(error));
    }
  }

  async #read(callId: string): Promise<Origin> {
    const { asked, entries } = await this.#session.callDetails(callId);
    const by = entries.find((each) => each.by !== null)?.by;
    const at = entries[0]?.at ?? asked?.at;
    if (by === undefined || by === null || at === undefined) throw noTask();
    return { createdAt: new Date(at).toISOString(), actor: by };
  }
}

const asTask = (taskId: string, { createdAt }: Origin) => ({
  taskId,
  createdAt,
  // As seen now.
  lastUpdatedAt: new Date().toISOString(),
  ttlMs: null,
  pollIntervalMs: POLL,
});

const noTask = (): ProtocolError => new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such task.');
