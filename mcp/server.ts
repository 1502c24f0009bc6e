import type { AskKind } from '../protocol/calls/questions.ts';

/**
 * An MCP server as an entry of custody.yaml describes it, with all references to secrets resolved.
 * It stays in the memory of the worker: never log it, never put it into history.
 */
export type ResolvedServer = StdioServer | HttpServer;

interface Common {
  /** What it may ask of the clients of calls; forms alone by default. */
  readonly mayAsk?: readonly AskKind[] | undefined;
  /** Milliseconds for an opening and for a listing of tools; 30 s by default. */
  readonly connectTimeout?: number;
}

export interface StdioServer extends Common {
  readonly kind: 'stdio';
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Given to the process beside the few harmless variables that it inherits (`INHERITED` in process.ts). */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** It keeps nothing between calls, says its operator: one process serves all sessions. */
  readonly shared?: boolean | undefined;
}

export interface HttpServer extends Common {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  /** Sent with every request to this URL, and to no other origin. */
  readonly headers: Readonly<Record<string, string>>;
}
