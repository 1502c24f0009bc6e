import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from '@modelcontextprotocol/client';
import type { ErrorCode } from '../../protocol/errors.ts';
import { excerpt, McpError } from '../error.ts';
import { settlementIn } from './settlement.ts';

export interface Exchange {
  readonly server: string;
  /** For messages: "tool 'append' of MCP server 'journal'". */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What the system was at before a connection stood. Later it may give the same codes: EHOSTUNREACH, for one. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);
/** The server's certificate was not accepted, so nothing was said to it. Other errors of TLS come at any time. */
const DISTRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID$)/;

/**
 * What became of a call, from what the SDK or the network threw. `sent` is false only for errors that exclude that the
 * server saw the request; `answered` is true only if the server refused it in so many words.
 */
export function callFailure(error: unknown, { what, signal, timeout }: Exchange): McpError {
  const known = settledBy(error);
  if (known !== undefined) return known;
  const fail = (code: ErrorCode, message: string, answered = false): McpError =>
    new McpError(code, message, { sent: true, answered, cause: error });
  if (signal.aborted) return fail('CALL_CANCELLED', `The call of ${what} was cancelled before its answer came.`);
  if (error instanceof ProtocolError) {
    const rpc = { code: error.code, message: excerpt(error.message) };
    return new McpError('SERVER_REFUSED', `The call of ${what} was answered with error ${rpc.code}: ${rpc.message}`, {
      sent: true,
      answered: true,
      rpc,
      cause: error,
    });
  }
  if (error instanceof SdkHttpError) return httpFailure(error, what);
  if (error instanceof InsufficientScopeError)
    return fail(
      'SERVER_REFUSED',
      `The call of ${what} was refused, its credentials do not suffice: ${excerpt(error.message)}`,
      true,
    );
  if (isUnconnected(error))
    return new McpError('SERVER_UNAVAILABLE', `The server of ${what} cannot be reached: ${reason(error)}`, {
      sent: false,
      cause: error,
    });
  if (error instanceof SdkError) {
    switch (error.code) {
      case SdkErrorCode.RequestTimeout:
        return fail('TOOL_TIMEOUT', `The call of ${what} had no answer within ${timeout} ms.`);
      case SdkErrorCode.UnsupportedResultType:
        return fail(
          'SERVER_REFUSED',
          `The call of ${what} was answered with a request for something that a session does not offer: ` +
            `${excerpt(error.message)}`,
          true,
        );
      case SdkErrorCode.InvalidResult:
      case SdkErrorCode.ClientHttpUnexpectedContent:
        return fail(
          'SERVER_PROTOCOL_ERROR',
          `The answer to the call of ${what} is not valid: ${excerpt(error.message)}`,
        );
    }
  }
  if (isUnreadable(error))
    return fail('SERVER_PROTOCOL_ERROR', `The answer to the call of ${what} cannot be read: ${reason(error)}`);
  return fail('CONNECTION_LOST', `The connection broke before the call of ${what} was answered: ${reason(error)}`);
}

/** Why a transport, or Custody itself, ended the request. */
function settledBy(error: unknown): McpError | undefined {
  const settlement = error instanceof McpError ? error : settlementIn(error);
  return settlement instanceof McpError ? settlement : undefined;
}

/**
 * Statuses that say in so many words that the request was not carried out: RFC 9110, 15.5: "has not been applied"
 * (401), "refuses to fulfill" (403), not supported for any request (405), "refuses to accept" (411), "refusing to
 * process" or "to service" (413, 414, 415), "refuses to perform" (426); RFC 6585: limited before it is served (429),
 * "unwilling to process" (431).
 *
 * No other status says it. With a protocol session 404 and 400 mean that the server does not know the session (MCP
 * 2025-11-25, Transports), but a server says 404 for what it looked for and did not find as well, a proxy may say
 * either after the server acted, and so may 3xx, 408, 409 and 5xx come after the effect.
 */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 405, 411, 413, 414, 415, 426, 429, 431]);

/** The words of an answer decide nothing: only its status does. */
function httpFailure(error: SdkHttpError, what: string): McpError {
  const refused = REFUSALS.has(error.status);
  const message = `The call of ${what} was answered with HTTP ${error.status}: ${excerpt(error.message)}`;
  return new McpError(refused ? 'SERVER_REFUSED' : 'CONNECTION_LOST', message, {
    sent: true,
    answered: refused,
    cause: error,
  });
}

/** Statuses of a server that is not up yet, or has no room: RFC 9110, 15.6; RFC 6585, 4. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Why a server could not be opened or listed. Nothing was called, so nothing is in doubt. */
export function openFailure(error: unknown, { server, signal, timeout }: Exchange): McpError {
  const known = settledBy(error);
  const fail = (code: ErrorCode, message: string): McpError =>
    new McpError(code, message, { sent: false, cause: error });
  // What closes the connection of an opening that is given up is the giving up.
  const isGivenUp = signal.aborted && known?.code === 'CONNECTION_LOST';
  if (known !== undefined && !isGivenUp)
    return fail(known.code === 'CONNECTION_LOST' ? 'SERVER_UNAVAILABLE' : known.code, known.message);
  if (signal.aborted && !isTimeout(signal.reason))
    return fail('CALL_CANCELLED', `The opening of MCP server '${server}' was cancelled.`);
  if (signal.aborted || (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)) {
    return fail('SERVER_UNAVAILABLE', `MCP server '${server}' did not answer within ${timeout} ms.`);
  }
  if (error instanceof ProtocolError)
    return fail(
      'SERVER_REFUSED',
      `MCP server '${server}' refused the connection with error ${error.code}: ${excerpt(error.message)}`,
    );
  if (error instanceof SdkHttpError || error instanceof InsufficientScopeError || isUnconnected(error)) {
    const passing = error instanceof SdkHttpError ? PASSING.has(error.status) : isUnconnected(error);
    const message = `MCP server '${server}' cannot be reached: ${reason(error)}`;
    return new McpError('SERVER_UNAVAILABLE', message, { sent: false, passing, cause: error });
  }
  if (isUnreadable(error) || isUnreadable((error as Error | undefined)?.cause))
    return fail('SERVER_PROTOCOL_ERROR', `MCP server '${server}' does not speak the protocol: ${reason(error)}`);
  return fail('SERVER_UNAVAILABLE', `MCP server '${server}' cannot be opened: ${reason(error)}`);
}

const isTimeout = (why: unknown): boolean => why instanceof DOMException && why.name === 'TimeoutError';

/** True for what the SDK throws when an answer is no JSON, no JSON-RPC message, or not what the method returns. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof SdkError)
    return error.code === SdkErrorCode.InvalidResult || error.code === SdkErrorCode.ClientHttpUnexpectedContent;
  return (
    error instanceof Error &&
    (error instanceof SyntaxError ||
      error.name === 'ZodError' ||
      error.name === '$ZodError' ||
      /protocol version is not supported/.test(error.message))
  );
}

function isUnconnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && CONNECTING.has(syscall)) return true;
  if (code !== undefined && (code === 'UND_ERR_CONNECT_TIMEOUT' || DISTRUSTED.test(code))) return true;
  return error instanceof AggregateError
    ? error.errors.length > 0 && error.errors.every(isUnconnected)
    : isUnconnected(error.cause);
}

/**
 * The messages of an error and of what caused it: undici hides the reason in `cause`. What one of them says that stands
 * in another as well is said once.
 */
function reason(error: unknown): string {
  const said: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause)
    said.push(inWords(each.message) || ((each as NodeJS.ErrnoException).code ?? each.name));
  const isNews = (text: string, at: number): boolean =>
    !said.some((other, n) => (other === text ? n < at : other.includes(text)));
  return excerpt(
    said.filter(isNews).reduceRight((why, text) => (why ? `${text} (${why})` : text), '') || String(error),
  );
}

/** The issues of a schema, which the SDK quotes as JSON, as sentences: "initialize: capabilities.tools: expected …". */
function inWords(message: string): string {
  const start = message.indexOf('[');
  if (start < 0) return message;
  try {
    const issues = JSON.parse(message.slice(start)) as readonly {
      readonly path: readonly unknown[];
      message: string;
    }[];
    return `${message.slice(0, start)}${issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`;
  } catch {
    return message;
  }
}
