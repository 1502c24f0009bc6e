import type { AskResponse, Continuation } from '../../protocol/calls/asks.ts';
import type { Question } from '../../protocol/calls/questions.ts';
import type { CallProgress } from '../../protocol/calls/call.ts';
import type { CallLog, LogLevel } from '../../protocol/calls/said.ts';
import type { Json, JsonObject } from '../../protocol/values/json.ts';

/** What a call over a connection is made with. */
export interface CallOptions {
  /** Cancels the call; the server is told. */
  readonly signal: AbortSignal;
  /**
   * Milliseconds from now to TOOL_TIMEOUT. Progress does not lengthen it; none pass while the server waits for a
   * response.
   */
  readonly timeout: number;
  /** Becomes `_meta` of the request. */
  readonly meta: JsonObject;
  readonly onProgress?: (progress: CallProgress) => void;
  /** Log messages of the call from this level on, as far as can be told which are its own. */
  readonly level?: LogLevel;
  readonly onLog?: (log: CallLog) => void;
  /** Resources of the server, and what hears of those that change while the call is under way. */
  readonly uris?: readonly string[];
  readonly onUpdate?: (uri: string) => void;
  /**
   * Bytes of the message with the answer, beyond which it is RESULT_TOO_LARGE; as many as a transport takes by default.
   */
  readonly maxResultBytes?: number;
  /** False: what the server asks is refused. Default true. */
  readonly mayAsk?: boolean;
  /** What the server asked in an earlier call is answered. */
  readonly continues?: Pick<Continuation, 'responses' | 'requestState'>;
}

/** Methods of what the server wanted from its client meanwhile, and did not get. */
export interface Refused {
  readonly refused?: readonly string[];
}

interface Answered extends Refused {
  /** The tool ran and says that it failed. */
  readonly isError: boolean;
  /** The JSON text of the whole result, where the values here are not all that it says; see `carry`. */
  readonly exact?: string;
}

/** What a tool answers. */
export interface CallAnswer extends Answered {
  readonly content: Json;
  readonly structuredContent?: Json;
  /** What else it says: `_meta`, and members that MCP does not know, or not so. */
  readonly more?: JsonObject;
}

/** The result of another method; or of a tool, where it is none that a tool may give. */
export interface RawAnswer extends Answered {
  readonly raw: Json;
}

export type ToolAnswer = CallAnswer | RawAnswer;

/** The server wants to know something before it answers. */
export interface CallQuestion extends Refused {
  readonly forms: readonly Question[];
  /** Goes back to the server with the responses, in another call (since revision 2026-07-28). */
  readonly requestState?: string;
  /** The call in which it asked, which stays open (in revisions before). */
  readonly held?: HeldCall;
}

export type Reply = ToolAnswer | CallQuestion;

/** A call that waits for a response to the one form of its question. */
export interface HeldCall {
  /** Random: no other call has it. */
  readonly id: string;
  /** Throws what `call` throws. */
  respond(response: AskResponse, options: Pick<CallOptions, 'signal' | 'timeout'>): Promise<Reply>;
  /** Gives the call up; the server is told. */
  cancel(): void;
}
