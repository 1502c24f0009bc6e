import type { CallOptions, Reply, ToolAnswer } from '../mcp/calls/call.ts';
import { McpError } from '../mcp/error.ts';
import { type AttemptOutcome, type Intent, IDEMPOTENCY_KEY, isRepeatable } from '../protocol/calls/call.ts';
import type { AttemptOrder } from '../protocol/calls/said.ts';
import type { ListedNow } from '../protocol/incidents/listed.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { PolicyDecision } from '../protocol/calls/policy.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import type { Undo } from '../protocol/calls/undo.ts';
import { withWhatIsThere } from './asks.ts';
import { newsOf } from './schema/listed.ts';
import { argumentsOf, checkCall, connect, takeSlot, traced } from './connect.ts';
import { decide, Stopped } from './decide.ts';
import type { ActivityDeps, Connection, Sent } from './deps.ts';
import type { Heartbeats } from './heartbeats/heartbeats.ts';
import { Hearing } from './heartbeats/hearing.ts';
import { answerOnly, asked, type Failed, failed, toolAnswered, withoutFound } from './outcome.ts';
import { Screen } from './scan/screen.ts';
import type { SendingMark } from '../protocol/calls/marks.ts';
import { compensate, type Keeper, type Read, Undoing } from './undo.ts';

/** Milliseconds in which what stands there is read for persons who are asked. */
const LOOK = 10_000;

/**
 * One attempt of a call: one request on one connection, made at most once. Whether it is made again is the session's
 * decision, in another attempt.
 */
export class Attempt {
  readonly #deps: ActivityDeps;
  readonly #intent: Intent;
  readonly #beats: Heartbeats;
  #options: CallOptions;
  #connection: Connection | undefined;
  /** Gives back the slot that it takes. */
  #giveBack: (() => void) | undefined;
  /** The request may have left. */
  #isSending = false;
  /** What ended the request without an answer: no error of a read beside it says what became of the call. */
  #sendFailure: unknown;
  /** Milliseconds from sending to answer. */
  #ms: number | undefined;
  /** The request under way, as telemetry has it. */
  #sent: Sent | undefined;
  /** What rules said. */
  #decision: PolicyDecision | undefined;
  readonly #screen: Screen;
  /** Hears what the server says while it runs. */
  readonly hearing: Hearing;
  /** What the server lists, where that is news to the session. */
  #listed: ListedNow | undefined;
  /** How to undo the call, as far as that is known before it is sent. */
  #early: Undo | undefined;

  constructor(deps: ActivityDeps, intent: AttemptOrder, beats: Heartbeats) {
    this.#deps = deps;
    this.#intent = intent;
    this.#beats = beats;
    const { timeout, idempotencyKey } = intent;
    this.#screen = new Screen(deps.scanner, intent.scan);
    this.hearing = new Hearing(intent, beats, this.#screen);
    this.#options = { signal: beats.signal, timeout, meta: { [IDEMPOTENCY_KEY]: idempotencyKey } };
  }

  async outcome(): Promise<AttemptOutcome> {
    const { worker } = this.#deps;
    const outcome = await this.#make()
      .catch((error: unknown) => (error instanceof Stopped ? error.outcome : this.#failed(error)))
      .then((made) => withoutFound(made, this.#screen));
    const ended: AttemptOutcome = {
      ...outcome,
      worker,
      ...(this.#decision ? { decision: this.#decision } : {}),
      ...(this.#ms === undefined ? {} : { ms: this.#ms }),
      ...this.#screen.found,
      ...(this.#listed ? { listed: this.#listed } : {}),
    };
    this.#deps.telemetry.ended(this.#intent, ended, this.#sent);
    return ended;
  }

  /** To be called, and waited for, once the outcome is kept, and before anybody else knows it. */
  async done(): Promise<void> {
    this.#giveBack?.();
    await this.#connection?.done();
  }

  async #make(): Promise<AttemptOutcome> {
    const { compensates, continues, undo, effect } = this.#intent;
    this.#giveBack = takeSlot(this.#deps, this.#intent);
    const args = await argumentsOf(this.#deps, this.#intent);
    const screened = compensates === undefined && !continues?.held ? await this.#screen.args(args) : { sent: args };
    if ('code' in screened) throw new Stopped({ kind: 'denied', ...screened });
    const { sent } = screened;
    this.#connection = await connect(this.#deps, this.#intent, this.#beats.signal);
    this.#listed = await newsOf(this.#connection, this.#intent);
    await checkCall(this.#deps, this.#connection, this.#intent, args);
    if (compensates !== undefined) return this.#compensate();
    await this.#decide(this.#intent.tool, args).catch(async (error: unknown) => {
      throw await this.#asking(error, args);
    });
    const undoing = await this.#prepare(sent);
    this.#early = undo ?? undoing?.early;
    if (!isRepeatable(effect) || this.#early) await this.#mark();
    return this.#answered(await this.#send((over) => this.#request(over, sent)), undoing);
  }

  async #compensate(): Promise<AttemptOutcome> {
    const send: Read = async (tool, args) => {
      await this.#decide(tool, args);
      if (!isRepeatable(this.#intent.effect)) await this.#mark();
      return answerOnly(await this.#send((over) => over.call(tool, args, { ...this.#options, mayAsk: false })));
    };
    const ended = await compensate(this.#intent, this.#deps.payloads, this.#read, send);
    return 'kind' in ended ? ended : toolAnswered(this.#deps, this.#intent, ended, this.#screen);
  }

  /**
   * What it takes to undo the call, where the operator says how; a call that may have been sent before keeps what was
   * found then.
   */
  async #prepare(args: JsonObject): Promise<Undoing | undefined> {
    const { undo, method, server, tool } = this.#intent;
    const rule = undo || method !== undefined ? undefined : this.#deps.config.toolRule(server, tool).undo;
    return rule && Undoing.prepare(rule, this.#intent, args, this.#keeper, this.#read);
  }

  /** Keeps what undoes the call, unless the scan says that it must not be kept. */
  get #keeper(): Keeper {
    const { payloads } = this.#deps;
    return {
      put: (value) => payloads.put(value),
      get: (ref) => payloads.get(ref),
      whyNot: (value) => this.#screen.whyNot(value),
    };
  }

  /** What stopped the attempt: where persons are to be asked, with what they need to know. */
  #asking(error: unknown, args: JsonObject): Promise<unknown> {
    const options = { ...this.#options, timeout: Math.min(this.#options.timeout, LOOK), meta: {}, mayAsk: false };
    const read: Read = async (tool, given) => answerOnly(await this.#open.call(tool, given, options));
    return withWhatIsThere(error, {
      deps: this.#deps,
      intent: this.#intent,
      connection: this.#open,
      args,
      read,
      screen: this.#screen,
    });
  }

  /** Throws where rules do not let it be sent. */
  async #decide(tool: string, args: JsonObject): Promise<void> {
    const decided = await decide(this.#deps, this.#intent, { tool, args });
    this.#decision = decided?.decision;
    if (decided?.outcome) throw new Stopped(decided.outcome);
  }

  /** Waits until Temporal has it on record that the bytes may leave from now on. */
  async #mark(): Promise<void> {
    const { worker } = this.#deps;
    const undo = this.#early ? { undo: this.#early } : {};
    const decision = this.#decision ? { decision: this.#decision } : {};
    const sending: SendingMark = { sending: true, worker, ...undo, ...decision };
    await this.#beats.mark(sending, this.#deps).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new CustodyError(
        'TEMPORAL_UNAVAILABLE',
        `Temporal did not take the sending mark, so the call was not sent: ${why}`,
        { cause: error },
      );
    });
  }

  async #send(request: (over: Connection) => Promise<Reply>): Promise<Reply> {
    this.#beats.signal.throwIfAborted();
    this.#isSending = true;
    const sent = this.#deps.telemetry.sends(this.#intent, this.#open);
    this.#sent = sent;
    this.#options = traced(this.#options, sent);
    const begun = performance.now();
    try {
      return await request(this.#open);
    } catch (error) {
      this.#sendFailure = error;
      if (error instanceof McpError && !error.sent) this.#isSending = false;
      throw error;
    } finally {
      sent.over();
      if (this.#intent.reserved !== undefined) this.#ms = Math.ceil(performance.now() - begun);
    }
  }

  #request(over: Connection, args: JsonObject): Promise<Reply> {
    const { sessionId, method, tool, continues } = this.#intent;
    if (continues?.held)
      return this.#deps.connections.goOn(sessionId, continues.held.id, continues.responses, this.#options);
    const options = { ...this.#options, ...(continues ? { continues } : {}), ...this.hearing.options };
    return method === undefined ? over.call(tool, args, options) : over.request(method, args, options);
  }

  /** Reads with a tool of the server, which changes nothing. */
  readonly #read: Read = async (tool, args) =>
    answerOnly(await this.#open.call(tool, args, { ...this.#options, meta: {}, mayAsk: false }));

  async #answered(reply: Reply, undoing: Undoing | undefined): Promise<AttemptOutcome> {
    const said = reply.refused ? { refused: reply.refused } : {};
    if ('forms' in reply) {
      const question = await this.#screen.question(reply);
      if ('code' in question) return { kind: 'failed', ...question, ...said };
      return { kind: 'input_required', asks: asked(question, this.#deps.worker), ...said };
    }
    return {
      ...(await toolAnswered(this.#deps, this.#intent, reply, this.#screen)),
      ...(await this.#undoOf(reply, undoing)),
      ...said,
    };
  }

  async #undoOf(answer: ToolAnswer, undoing: Undoing | undefined): Promise<Pick<AttemptOutcome, 'undo' | 'unchanged'>> {
    if (undoing) return undoing.after(answer, this.#read);
    return this.#early ? { undo: this.#early } : {};
  }

  #failed(error: unknown): Failed {
    const { lease, continues } = this.#intent;
    const isLeaseLost = error instanceof CustodyError && error.code === 'LEASE_LOST';
    // A call that waited for a response was sent long ago: without its connection nobody knows how it ended.
    const wasSent = continues?.held !== undefined && isLeaseLost;
    const why = wasSent ? new CustodyError('CONNECTION_LOST', error.message) : error;
    return {
      ...failed(why, {
        isSent: this.#isSending || wasSent,
        isAnswered: error === this.#sendFailure && error instanceof McpError && error.answered,
        isCancelled: this.#beats.signal.aborted,
      }),
      ...(this.#isSending && this.#early ? { undo: this.#early } : {}),
      ...(lease !== undefined && (isLeaseLost || this.#connection?.closed) ? { leaseLost: true } : {}),
    };
  }

  get #open(): Connection {
    if (this.#connection === undefined) throw new CustodyError('INTERNAL_ERROR', 'The server was not opened.');
    return this.#connection;
  }
}
