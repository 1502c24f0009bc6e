import { randomUUID } from 'node:crypto';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { AskResponse } from '../../protocol/calls/asks.ts';
import type { Question } from '../../protocol/calls/questions.ts';
import { LONGEST_TIMER } from '../connection.ts';
import type { CallLog } from '../../protocol/calls/said.ts';
import { type CallQuestion, type HeldCall, type Reply } from './call.ts';
import { excerpt, McpError } from '../error.ts';
import { callFailure } from './failure.ts';

/** Different methods that one call is on record with. */
const REFUSED = 8;

/** How long one leg may take, and who may end it. */
export interface Leg {
  readonly signal: AbortSignal;
  /** Milliseconds of the server's work: none pass while it waits for a response. */
  readonly timeout: number;
}

export interface DialogueOptions {
  readonly server: string;
  readonly what: string;
  /** False: what the server asks is refused. */
  readonly mayAsk: boolean;
  /** Makes the request; ends it when its signal is aborted. */
  readonly send: (signal: AbortSignal) => Promise<Reply>;
  /**
   * The time of a leg is over. True if that is not the server's fault: it waits for a response to something it asked.
   */
  readonly isExcused: () => boolean;
  /** Hears what the server logs in it. */
  readonly onLog?: ((log: CallLog) => void) | undefined;
  /** The same of resources that changed. */
  readonly onUpdate?: ((uri: string) => void) | undefined;
  readonly onEnd: () => void;
}

interface Asked {
  readonly question: Question;
  readonly settle: (response: AskResponse) => void;
}

/**
 * One request to call a tool, in the midst of which its server may ask: legs of work, with people's time between them.
 */
export class Dialogue implements HeldCall {
  readonly id = randomUUID();
  readonly #options: DialogueOptions;
  readonly #abort = new AbortController();
  #answer: Promise<Reply> | undefined;
  #questions: readonly Asked[] = [];
  #onQuestion: (() => void) | undefined;
  readonly #refused = new Set<string>();

  constructor(options: DialogueOptions) {
    this.#options = options;
  }

  /** Is the server at work on it, as far as is known? */
  get isAtWork(): boolean {
    return this.#questions.length === 0;
  }

  /** The server asks. @param signal aborted when it does not want to know any more */
  async ask(question: Question, signal: AbortSignal): Promise<AskResponse> {
    if (!this.#options.mayAsk)
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'Nobody is asked in this call.');
    return new Promise((settle, reject) => {
      const asked = { question, settle };
      this.#questions = [...this.#questions, asked];
      signal.addEventListener(
        'abort',
        () => {
          this.#questions = this.#questions.filter((each) => each !== asked);
          reject(signal.reason as Error);
        },
        { once: true },
      );
      this.#onQuestion?.();
    });
  }

  get listens(): boolean {
    return this.#options.onLog !== undefined;
  }

  /** The server logs. */
  log(log: CallLog): void {
    this.#options.onLog?.(log);
  }

  /** A resource of the server changed. */
  updated(uri: string): void {
    this.#options.onUpdate?.(uri);
  }

  /** The server wanted something that it does not get. */
  refuse(method: string): void {
    if (this.#refused.size < REFUSED) this.#refused.add(excerpt(method, 100));
  }

  /** Gives the response to the question that the last leg ended with, and makes the next one. */
  respond(response: AskResponse, leg: Leg): Promise<Reply> {
    const [first, ...rest] = this.#questions;
    this.#questions = rest;
    first?.settle(response);
    return this.leg(leg);
  }

  /** Until the server answers or asks; the first one sends the request. Throws McpError. */
  async leg({ signal, timeout }: Leg): Promise<Reply> {
    const { server, what, isExcused } = this.#options;
    const abort = (): void => this.#abort.abort(signal.reason);
    const timer = setTimeout(() => isExcused() || this.#abort.abort(), Math.min(timeout, LONGEST_TIMER));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    this.#answer ??= this.#send();
    const asked = new Promise<CallQuestion>((resolve) => {
      this.#onQuestion = () => {
        const [first] = this.#questions;
        if (first) resolve({ forms: [first.question], held: this });
      };
      this.#onQuestion();
    });
    try {
      const reply = await Promise.race([this.#answer, asked]);
      const refused = [...this.#refused];
      this.#refused.clear();
      return refused.length === 0 ? reply : { ...reply, refused };
    } catch (error) {
      throw callFailure(error, { server, what, signal, timeout });
    } finally {
      this.#onQuestion = undefined;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  #send(): Promise<Reply> {
    const { send, mayAsk, what } = this.#options;
    const answer = send(this.#abort.signal)
      .finally(() => this.#end())
      .then((reply) => {
        if (mayAsk || !('forms' in reply)) return reply;
        throw new McpError(
          'SERVER_ASKS_UNSUPPORTED',
          `The call of ${what} was answered with a question, and nobody is asked in it.`,
          { sent: true, answered: true },
        );
      });
    answer.catch(() => undefined); // Thrown in the leg that is under way, or in the next.
    return answer;
  }

  /** What is still asked nobody answers any more. */
  #end(): void {
    for (const { settle } of this.#questions) settle({ action: 'cancel' });
    this.#questions = [];
    this.#options.onEnd();
  }

  /** Nobody waits for the answer any more; the server is told. */
  cancel(): void {
    this.#abort.abort();
  }
}
