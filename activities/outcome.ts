import type { CallQuestion, Reply, ToolAnswer } from '../mcp/connection.ts';
import { McpError } from '../mcp/error.ts';
import type { Asks } from '../protocol/asks.ts';
import type { AttemptOutcome, Intent, WorkerIdentity } from '../protocol/call.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { ActivityDeps } from './deps.ts';
import { toToolResult, type WholeResult } from './result.ts';

/** An outcome without an answer of the tool. */
export type Failed = Exclude<AttemptOutcome, { result: unknown } | { asks: unknown }>;

/** What a question is in history. */
export const asked = ({ forms, requestState, held }: CallQuestion, { name, boot }: WorkerIdentity): Asks => ({
  forms,
  ...(requestState === undefined ? {} : { requestState }),
  ...(held === undefined ? {} : { held: { worker: { name, boot }, id: held.id } }),
});

/** The reply to a call in which the server may not ask. */
export function answerOnly(reply: Reply): ToolAnswer {
  if (!('forms' in reply)) return reply;
  throw new CustodyError('INTERNAL_ERROR', 'A call in which the server may not ask was answered with a question.');
}

export async function toolAnswered(
  { payloads }: ActivityDeps,
  { maxResult }: Intent,
  answer: ToolAnswer,
): Promise<AttemptOutcome> {
  return {
    kind: answer.isError ? 'tool_error' : 'succeeded',
    result: await toToolResult(resultOf(answer), payloads, maxResult),
  };
}

function resultOf(answer: ToolAnswer): WholeResult {
  const exact = answer.exact === undefined ? {} : { exact: answer.exact };
  if ('raw' in answer) return { raw: answer.raw, ...exact };
  const { content, structuredContent } = answer;
  return { content, ...(structuredContent === undefined ? {} : { structuredContent }), ...exact };
}

/** What an error means for the call: whether it was sent, and whether the server is done with it. */
export function failed(error: unknown, isSending: boolean, signal: AbortSignal): Failed {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof CustodyError ? error.code : 'INTERNAL_ERROR';
  const code = signal.aborted ? 'CALL_CANCELLED' : known;
  const delivery = error instanceof McpError ? error : undefined;
  if (!isSending || delivery?.sent === false) return { kind: 'not_sent', code, message };
  // Of an answer that was too large only its size is known, not whether the tool succeeded.
  if (delivery?.answered && delivery.code !== 'RESULT_TOO_LARGE')
    return { kind: 'failed', code: delivery.code, message, ...(delivery.rpc ? { rpc: delivery.rpc } : {}) };
  return { kind: 'unknown', code, message };
}
