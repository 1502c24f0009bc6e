import type { Json, JsonObject } from '../../session/json.ts';
import type { ListedTool } from './tools.ts';

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

export interface CallOptions {
  /** Cancels the call; the server is told. */
  readonly signal: AbortSignal;
  /** Milliseconds from now to TOOL_TIMEOUT. Progress does not lengthen it. */
  readonly timeout: number;
  /** Becomes `_meta` of the request. */
  readonly meta: JsonObject;
  readonly onProgress?: (progress: Progress) => void;
  /** Bytes of the answer as JSON, beyond which it is RESULT_TOO_LARGE. */
  readonly maxResultBytes: number;
}

export interface CallAnswer {
  /** The tool ran and says that it failed. */
  readonly isError: boolean;
  readonly content: Json;
  readonly structuredContent?: Json;
}

/** An open connection to an MCP server. Made by `openConnection`. */
export interface McpConnection {
  readonly protocolVersion: string;
  /** What the server calls itself; '' if it does not say. Not to be trusted. */
  readonly serverName: string;
  /** True if the connection carries state of one session: a process, or an HTTP protocol session. */
  readonly sessionBound: boolean;
  /** No further call is possible. */
  readonly closed: boolean;
  /** Milliseconds without a call or a listing under way; 0 during one. */
  readonly idleFor: number;

  /**
   * The tools of the server by name. Listed once, and again after the server said that they changed, or with `again`.
   *
   * Throws McpError: TOO_MANY_TOOLS, RESULT_TOO_LARGE, SERVER_PROTOCOL_ERROR, SERVER_REFUSED, SERVER_UNAVAILABLE.
   */
  tools(options?: { readonly again?: boolean }): Promise<ReadonlyMap<string, ListedTool>>;

  /**
   * Calls a tool, once. The answer is not checked against the tool's output schema.
   *
   * Throws McpError: SERVER_REFUSED, SERVER_PROTOCOL_ERROR, SERVER_UNAVAILABLE, CONNECTION_LOST, TOOL_TIMEOUT,
   * CALL_CANCELLED, RESULT_TOO_LARGE. Its `sent` and `answered` say what is known about the call.
   */
  call(tool: string, args: JsonObject, options: CallOptions): Promise<CallAnswer>;

  /**
   * Makes any other request than `tools/call`, once, and returns its result as the server sent it, unchecked.
   *
   * Throws McpError as `call` does.
   */
  request(method: string, params: JsonObject, options: CallOptions): Promise<Json>;

  /** Ends the connection, and a stdio server with it. Fulfilled when it is gone; may be called again. */
  close(): Promise<void>;
}
