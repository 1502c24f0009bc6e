import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Asks } from '../protocol/asks.ts';
import type { AttemptOutcome, CallProgress, Intent, ToolResult, WorkerIdentity } from '../protocol/call.ts';
import { IDEMPOTENCY_KEY, isRepeatable } from '../protocol/call.ts';
import { CustodyError, type RpcError } from '../protocol/errors.ts';
import { isObject, type JsonObject, problemOfJson } from '../protocol/values/json.ts';
import type { Undo } from '../protocol/undo.ts';
import type { ActivityDeps, Connection, CallQuestion, ConnectionAnswer, Reply } from './deps.ts';
import { heartbeats, type Heartbeats } from './heartbeats.ts';
import { toToolResult, type WholeResult } from './result.ts';
import type { SendingMark } from './types.ts';
import { compensate, type Read, Undoing } from './undo.ts';

/**
 * Makes one attempt of a call and reports how it ended (E1, E2); what is no answer of the tool is a failure that
 * carries the outcome.
 */
export const callTool =
  (deps: ActivityDeps) =>
  async (intent: Intent): Promise<AttemptOutcome> => {
    const used: Connection[] = [];
    const beats = heartbeats({ sending: false, worker: deps.worker } satisfies SendingMark);
    try {
      const outcome = wasReset(intent)
        ? OF_ANOTHER_RUN
        : await deps.outcomes.keep(intent, () => attempt(deps, intent, beats, used));
      if (outcome.kind === 'succeeded' || outcome.kind === 'tool_error' || outcome.kind === 'input_required')
        return outcome;
      throw ApplicationFailure.create({
        message: outcome.message,
        type: outcome.code,
        nonRetryable: true,
        details: [outcome],
      });
    } finally {
      await Promise.all(used.map((connection) => connection.done()));
      beats.stop();
    }
  };

/**
 * A reset makes Temporal schedule attempts again that were under way at its point: the run before it may have made them
 * (L11).
 */
const wasReset = ({ runId }: Intent): boolean =>
  runId !== undefined && runId !== Context.current().info.workflowExecution?.runId;
const OF_ANOTHER_RUN: AttemptOutcome = {
  kind: 'unknown',
  code: 'SESSION_RESET',
  message: 'the session was reset in Temporal while the call was, or may have been, sent by the run before.',
};

async function attempt(
  deps: ActivityDeps,
  intent: Intent,
  beats: Heartbeats,
  used: Connection[],
): Promise<AttemptOutcome> {
  const { worker } = deps;
  const { signal } = beats;
  let sending = false;
  let early: Undo | undefined;
  try {
    const args = await argumentsOf(deps, intent);
    let connection = await connect(deps, intent, signal, used);
    const options = { signal, timeout: intent.timeout, meta: { [IDEMPOTENCY_KEY]: intent.idempotencyKey } };
    const read: Read = async (name, with_) =>
      answerOnly(await connection.call(name, with_, { ...options, meta: {}, mayAsk: false }));
    const send = <T>(request: (over: Connection) => Promise<T>): Promise<T> => {
      const once = (): Promise<T> => {
        signal.throwIfAborted();
        sending = true;
        return request(connection);
      };
      return once().catch(async (error: unknown) => {
        if (!isUnsent(error)) throw error;
        sending = false;
        connection = await connect(deps, intent, signal, used);
        return once();
      });
    };
    const { method, tool, compensates, continues } = intent;
    const ask = (over: Connection): Promise<Reply> => {
      if (continues?.held)
        return deps.connections.goOn(intent.sessionId, continues.held.id, continues.responses, options);
      const given = continues ? { ...options, continues } : options;
      const onProgress = (progress: CallProgress): void =>
        beats.add({ progress: { callId: intent.callId, ...progress } } satisfies Partial<SendingMark>);
      return method === undefined ? over.call(tool, args, { ...given, onProgress }) : over.request(method, args, given);
    };
    if (compensates !== undefined) {
      if (!isRepeatable(intent.effect)) await mark(deps, beats, { sending: true, worker });
      const ended = await compensate(intent, deps.payloads, read, async (name, with_) =>
        answerOnly(await send((over) => over.call(name, with_, { ...options, mayAsk: false }))),
      );
      return 'kind' in ended ? { ...ended, worker } : { ...(await answered(deps, intent, ended)), worker };
    }
    const undoing = await prepare(deps, intent, args, read);
    early = intent.undo ?? undoing?.early;
    if (!isRepeatable(intent.effect) || early)
      await mark(deps, beats, { sending: true, worker, ...(early ? { undo: early } : {}) });
    const answer = await send(ask);
    const said = { worker, ...(answer.refused ? { refused: answer.refused } : {}) };
    if ('forms' in answer) return { kind: 'input_required', asks: asksOf(answer, worker), ...said };
    if ('raw' in answer) return { kind: 'succeeded', result: await kept(deps, intent, { raw: answer.raw }), ...said };
    const undo = undoing ? await undoing.after(answer, read) : early ? { undo: early } : {};
    return { ...(await answered(deps, intent, answer)), ...undo, ...said };
  } catch (error) {
    const isLost =
      intent.lease !== undefined && (isLeaseLost(error) || used.some((connection) => connection.isClosed()));
    // A call that waited for a response was sent long ago: without its connection nobody knows how it ended.
    const begun = intent.continues?.held !== undefined && isLeaseLost(error);
    return {
      ...outcomeOf(begun ? new CustodyError('CONNECTION_LOST', messageOf(error)) : error, sending || begun, signal),
      ...(sending && early ? { undo: early } : {}),
      worker,
      ...(isLost ? { leaseLost: true } : {}),
    };
  }
}

/** What a question is in history. */
const asksOf = ({ forms, requestState, held }: CallQuestion, { name, boot }: WorkerIdentity): Asks => ({
  forms,
  ...(requestState === undefined ? {} : { requestState }),
  ...(held === undefined ? {} : { held: { worker: { name, boot }, id: held } }),
});

/** The reply to a call in which the server may not ask. */
function answerOnly(reply: Reply): ConnectionAnswer {
  if ('content' in reply) return reply;
  throw new CustodyError('INTERNAL_ERROR', 'A call in which the server may not ask was answered with a question.');
}

async function answered(
  deps: ActivityDeps,
  intent: Intent,
  { isError, content, structuredContent }: ConnectionAnswer,
): Promise<AttemptOutcome> {
  return {
    kind: isError ? 'tool_error' : 'succeeded',
    result: await kept(deps, intent, { content, ...(structuredContent === undefined ? {} : { structuredContent }) }),
  };
}

const kept = ({ payloads }: ActivityDeps, { maxResult }: Intent, result: WholeResult): Promise<ToolResult> =>
  toToolResult(result, payloads, maxResult);

/**
 * What it takes to undo the call, where the operator says how; a call that may have been sent before keeps what was
 * found then.
 */
async function prepare(deps: ActivityDeps, intent: Intent, args: JsonObject, read: Read): Promise<Undoing | undefined> {
  const rule =
    intent.undo || intent.method !== undefined ? undefined : deps.config.toolRule(intent.server, intent.tool).undo;
  return rule && Undoing.prepare(rule, intent, args, deps.payloads, read);
}

/** Waits until Temporal has it on record that the bytes may leave from now on. */
async function mark(deps: ActivityDeps, beats: Heartbeats, sending: SendingMark): Promise<void> {
  await beats.mark(sending, deps).catch((error: unknown) => {
    throw new CustodyError(
      'TEMPORAL_UNAVAILABLE',
      `Temporal did not take the sending mark, so the call was not sent: ${messageOf(error)}`,
      { cause: error },
    );
  });
}

/** What the tool is called with; from the payload store where history has but a reference (D13). */
async function argumentsOf({ payloads }: ActivityDeps, { args, argsRef }: Intent): Promise<JsonObject> {
  if (!argsRef) return args;
  const value = await payloads.get(argsRef);
  const problem = isObject(value) ? problemOfJson(value) : 'they are no JSON object';
  if (problem)
    throw new CustodyError(
      'MALFORMED_COMMAND',
      `The arguments with SHA-256 ${argsRef.sha256} cannot be sent: ${problem}.`,
    );
  return value as JsonObject;
}

/** A connection whose server and tool are what the session pinned (L2): the one that the call is bound to, if it is. */
async function connect(
  { config, connections }: ActivityDeps,
  intent: Intent,
  signal: AbortSignal,
  used: Connection[],
): Promise<Connection> {
  const { server, tool, method, sessionId, lease } = intent;
  if (config.serverHash(server) !== intent.configHash) {
    throw new CustodyError(
      'CONFIG_CHANGED',
      `The configuration of '${server}' on this worker is not the one that the session pinned.`,
    );
  }
  const connection = await connections.acquire(sessionId, server, signal, lease);
  used.push(connection);
  if (method !== undefined) return connection;
  const listed = (await connection.tools()).get(tool);
  if (listed?.hash !== intent.toolHash) {
    throw new CustodyError(
      'TOOL_CHANGED',
      `The definition of '${server}.${tool}' ${listed ? 'is not the one that the session pinned' : 'is gone'}.`,
    );
  }
  return connection;
}

const isLeaseLost = (error: unknown): boolean => error instanceof CustodyError && error.code === 'LEASE_LOST';

/**
 * The connection was of no use any more and nothing left on it: a restarted server does not know the protocol session.
 * A new one costs no attempt.
 */
const isUnsent = (error: unknown): boolean =>
  error instanceof CustodyError && error.code === 'CONNECTION_LOST' && (error as { sent?: boolean }).sent === false;

/** What an error means for the call: whether it was sent, and whether the server is done with it. */
function outcomeOf(
  error: unknown,
  sending: boolean,
  signal: AbortSignal,
): Exclude<AttemptOutcome, { result: unknown } | { asks: unknown }> {
  const failure = error instanceof CustodyError ? error : undefined;
  const delivery = failure as (CustodyError & { sent?: boolean; answered?: boolean; rpc?: RpcError }) | undefined;
  const message = messageOf(error);
  if (!sending || delivery?.sent === false) {
    const code = signal.aborted ? 'CALL_CANCELLED' : (failure?.code ?? 'INTERNAL_ERROR');
    return { kind: 'not_sent', code, message };
  }
  // Of an answer that was too large only its size is known, not whether the tool succeeded.
  if (delivery?.answered && delivery.code !== 'RESULT_TOO_LARGE')
    return { kind: 'failed', code: delivery.code, message, ...(delivery.rpc ? { rpc: delivery.rpc } : {}) };
  return { kind: 'unknown', code: signal.aborted ? 'CALL_CANCELLED' : (failure?.code ?? 'INTERNAL_ERROR'), message };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
