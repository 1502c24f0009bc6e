import { ApplicationFailure, Context } from '@temporalio/activity';
import type { AttemptOutcome, Intent } from '../session/call.ts';
import { IDEMPOTENCY_KEY, isRepeatable } from '../session/call.ts';
import { CustodyError } from '../session/errors.ts';
import type { ActivityDeps, Connection } from './deps.ts';
import { heartbeats } from './heartbeats.ts';
import { toToolResult, type WholeResult } from './result.ts';
import type { SendingMark } from './types.ts';

/** Makes one attempt of a call and reports how it ended (E1, E2); what is no answer of the tool is a failure that carries the outcome. */
export const callTool = (deps: ActivityDeps) => async (intent: Intent): Promise<AttemptOutcome> => {
  const outcome = await deps.outcomes.keep(intent, () => attempt(deps, intent));
  if (outcome.kind === 'succeeded' || outcome.kind === 'tool_error') return outcome;
  throw ApplicationFailure.create({ message: outcome.message, type: outcome.code, nonRetryable: true, details: [outcome] });
};

async function attempt(deps: ActivityDeps, intent: Intent): Promise<AttemptOutcome> {
  const { worker } = deps;
  const beats = heartbeats({ sending: false, worker } satisfies SendingMark);
  let sending = false;
  try {
    const connection = await connect(deps, intent, beats.signal);
    if (!isRepeatable(intent.effect)) {
      const mark: SendingMark = { sending: true, worker };
      beats.set(mark);
      await deps.mark(Context.current().info.taskToken, mark).catch((error: unknown) => {
        throw new CustodyError('TEMPORAL_UNAVAILABLE', `Temporal did not take the sending mark, so the call was not sent: ${(error as Error).message}`, { cause: error });
      });
    }
    const send = (over: Connection): Promise<Answered> => {
      beats.signal.throwIfAborted();
      sending = true;
      return ask(over, intent, beats.signal);
    };
    const answer = await send(connection).catch(async (error: unknown) => {
      if (!isUnsent(error)) throw error;
      sending = false;
      return send(await connect(deps, intent, beats.signal));
    });
    return { kind: answer.isError ? 'tool_error' : 'succeeded', result: toToolResult(answer.result), worker };
  } catch (error) {
    return { ...outcomeOf(error, sending, beats.signal), worker };
  } finally {
    beats.stop();
  }
}

interface Answered {
  readonly isError: boolean;
  readonly result: WholeResult;
}

/** Sends the request. */
async function ask(over: Connection, { method, tool, args, timeout, idempotencyKey }: Intent, signal: AbortSignal): Promise<Answered> {
  const options = { signal, timeout, meta: { [IDEMPOTENCY_KEY]: idempotencyKey } };
  if (method !== undefined) return { isError: false, result: { raw: await over.request(method, args, options) } };
  const { isError, ...result } = await over.call(tool, args, options);
  return { isError, result };
}

/** A connection whose server and tool are what the session pinned (L2). */
async function connect({ config, connections }: ActivityDeps, intent: Intent, signal: AbortSignal): Promise<Connection> {
  const { server, tool, method, sessionId } = intent;
  if (config.serverHash(server) !== intent.configHash) {
    throw new CustodyError('CONFIG_CHANGED', `The configuration of '${server}' on this worker is not the one that the session pinned.`);
  }
  const connection = await connections.acquire(sessionId, server, signal);
  if (method !== undefined) return connection;
  const listed = (await connection.tools()).get(tool);
  if (listed?.hash !== intent.toolHash) {
    throw new CustodyError('TOOL_CHANGED', `The definition of '${server}.${tool}' ${listed ? 'is not the one that the session pinned' : 'is gone'}.`);
  }
  return connection;
}

/** The connection was of no use any more and nothing left on it: a restarted server does not know the protocol session. A new one costs no attempt. */
const isUnsent = (error: unknown): boolean => error instanceof CustodyError && error.code === 'CONNECTION_LOST' && (error as { sent?: boolean }).sent === false;

/** What an error means for the call: whether it was sent, and whether the server is done with it. */
function outcomeOf(error: unknown, sending: boolean, signal: AbortSignal): Exclude<AttemptOutcome, { result: unknown }> {
  const failure = error instanceof CustodyError ? error : undefined;
  const delivery = failure as (CustodyError & { sent?: boolean; answered?: boolean }) | undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (!sending || delivery?.sent === false) {
    const code = signal.aborted ? 'CALL_CANCELLED' : (failure?.code ?? 'INTERNAL_ERROR');
    return { kind: 'not_sent', code, message };
  }
  // Of an answer that was too large only its size is known, not whether the tool succeeded.
  if (delivery?.answered && delivery.code !== 'RESULT_TOO_LARGE') return { kind: 'failed', code: delivery.code, message };
  return { kind: 'unknown', code: signal.aborted ? 'CALL_CANCELLED' : (failure?.code ?? 'INTERNAL_ERROR'), message };
}
