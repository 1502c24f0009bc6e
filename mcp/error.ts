import { CustodyError, type ErrorCode, type RpcError } from '../protocol/errors.ts';

export interface Delivery {
  /** False only if provably nothing of the request reached a server that could act on it. */
  readonly sent: boolean;
  /** True if the server is known to be done with this very request, so nothing is in doubt. */
  readonly answered?: boolean;
  /** True if it may pass by itself: the server is not there yet, or has no room. */
  readonly passing?: boolean;
  readonly cause?: unknown;
  /** What the server answered, where it answered with an error. */
  readonly rpc?: RpcError | undefined;
}

/** What went wrong between Custody and an MCP server, and how far the request had come by then. */
export class McpError extends CustodyError {
  readonly sent: boolean;
  readonly answered: boolean;
  readonly passing: boolean;
  readonly rpc: RpcError | undefined;

  constructor(code: ErrorCode, message: string, delivery: Delivery) {
    super(code, message, { cause: delivery.cause });
    this.sent = delivery.sent;
    this.answered = delivery.answered ?? false;
    this.passing = delivery.passing ?? false;
    this.rpc = delivery.rpc;
  }
}

/** Text of a server, made fit for an error message or a log: one line, no control characters, bounded. */
export function excerpt(text: string, length = 500): string {
  const line = text
    .slice(0, length + 1)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return text.length > length ? `${line.slice(0, length)}…` : line;
}
