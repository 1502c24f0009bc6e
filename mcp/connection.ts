import type { LeftOut, Offered } from '../protocol/calls/call.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import type { CallOptions, Reply } from './calls/call.ts';
import type { ToolEntry } from './tools.ts';

/** The longest time that a Node.js timer can wait, in milliseconds. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** An open connection to an MCP server. Made by `openConnection`. */
export interface McpConnection {
  readonly protocolVersion: string;
  /** Id of the protocol session over HTTP, in revisions that have them. */
  readonly protocolSession: string | undefined;
  /** What the server declares beside tools. */
  readonly offers: readonly Offered[];
  /** Tools that the last listing left out. */
  readonly leftOut: readonly LeftOut[];
  /** What the server calls itself; '' if it does not say. Not to be trusted. */
  readonly serverName: string;
  /** True if the connection carries state of one session: a process that is not shared, or an HTTP protocol session. */
  readonly sessionBound: boolean;
  /** Random: names this connection where it is bound to a session; undefined where it is not. */
  readonly lease: string | undefined;
  /** No further call is possible. */
  readonly closed: boolean;
  /** Milliseconds without a call or a listing under way; 0 during one. */
  readonly idleFor: number;

  /**
   * The tools of the server by name. Listed once, and again after the server said that they changed, or with `again`;
   * beside those who ask once the listing is five minutes old.
   *
   * Throws McpError: TOO_MANY_TOOLS, RESULT_TOO_LARGE, SERVER_PROTOCOL_ERROR, SERVER_REFUSED, SERVER_UNAVAILABLE.
   */
  tools(options?: { readonly again?: boolean }): Promise<ReadonlyMap<string, ToolEntry>>;

  /**
   * Calls a tool, once. Whatever answers the request is the answer: it is not checked against a schema.
   *
   * Throws McpError: SERVER_REFUSED, SERVER_PROTOCOL_ERROR, SERVER_UNAVAILABLE, CONNECTION_LOST, TOOL_TIMEOUT,
   * CALL_CANCELLED, RESULT_TOO_LARGE, SERVER_ASKS_UNSUPPORTED. Its `sent` and `answered` say what is known about the
   * call.
   */
  call(tool: string, args: JsonObject, options: CallOptions): Promise<Reply>;

  /**
   * Makes any other request than `tools/call`, once, and returns its result as the server sent it.
   *
   * Throws McpError as `call` does.
   */
  request(method: string, params: JsonObject, options: CallOptions): Promise<Reply>;

  /** Ends the connection, and a stdio server with it. Fulfilled when it is gone; may be called again. */
  close(): Promise<void>;
}
