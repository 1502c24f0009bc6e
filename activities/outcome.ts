import type { CallQuestion, Reply, ToolAnswer } from '../mcp/calls/call.ts';
import { McpError } from '../mcp/error.ts';
import type { Asks } from '../protocol/calls/asks.ts';
import type { AttemptOutcome, Intent } from '../protocol/calls/call.ts';
import type { WorkerIdentity } from '../protocol/workers/worker.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { ActivityDeps } from './deps.ts';
import type { Screen } from './scan/screen.ts';
import { toToolResult, type WholeResult } from './result.ts';

/** An outcome without an answer of the tool. */
export type Failed = Exclude<AttemptOutcome, { result: unknown } | { kind: 'input_required' }>;

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

/** What a tool answered, as it may be kept. */
export async function toolAnswered(
  { payloads }: ActivityDeps,
  { maxResult }: Intent,
  answer: ToolAnswer,
  screen: Pick<Screen, 'answer'>,
): Promise<AttemptOutcome> {
  const kind = answer.isError ? 'tool_error' : 'succeeded';
  const screened = await screen.answer(answer);
  if ('withheld' in screened) return { kind, result: screened.withheld };
  return { kind, result: await toToolResult(resultOf(screened), payloads, maxResult) };
}

function resultOf(answer: ToolAnswer): WholeResult {
  const { isError: _, refused: __, ...result } = answer;
  return result;
}

/** How far a call that failed had come. */
interface Progress {
  readonly isSent: boolean;
  /** The server is done with it. */
  readonly isAnswered: boolean;
  readonly isCancelled: boolean;
}

/** An outcome without what the scan found in its words. A result and a question are screened as they come. */
export async function withoutFound(outcome: AttemptOutcome, screen: Pick<Screen, 'texts'>): Promise<AttemptOutcome> {
  if (!('message' in outcome)) return outcome;
  const { message } = outcome;
  if (outcome.kind === 'failed' && outcome.rpc) {
    const said = await screen.texts({ message, rpc: outcome.rpc.message });
    return { ...outcome, message: said.message, rpc: { ...outcome.rpc, message: said.rpc } };
  }
  if (outcome.kind !== 'needs_approval') return { ...outcome, ...(await screen.texts({ message })) };
  const { description, before } = outcome.asks;
  const { description: _, before: __, ...asks } = outcome.asks;
  const said = await screen.texts({
    message,
    ...(description === undefined ? {} : { description }),
    ...(before && !('ref' in before) ? { before } : {}),
  });
  const { message: why, ...shown } = said;
  return { ...outcome, message: why, asks: { ...asks, ...(before ? { before } : {}), ...shown } };
}

/** What an error means for the call. */
export function failed(error: unknown, { isSent, isAnswered, isCancelled }: Progress): Failed {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof CustodyError ? error.code : 'INTERNAL_ERROR';
  // Of an answer that was too large only its size is known, not whether the tool succeeded.
  if (isSent && isAnswered && known !== 'RESULT_TOO_LARGE') {
    const rpc = error instanceof McpError ? error.rpc : undefined;
    return { kind: 'failed', code: known, message, ...(rpc ? { rpc } : {}) };
  }
  return { kind: isSent ? 'unknown' : 'not_sent', code: isCancelled ? 'CALL_CANCELLED' : known, message };
}
