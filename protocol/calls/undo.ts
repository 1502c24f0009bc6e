import type { JsonObject } from '../values/json.ts';
import type { Ref } from '../values/payload.ts';

/** A call of a tool of the same server; its arguments may refer to what is known of the call that it serves. */
export interface UndoCall {
  readonly tool: string;
  readonly args: JsonObject;
}

/** How the effect of a tool is undone: by one call, or by what a read found before. */
export interface UndoRule {
  readonly call?: UndoCall;
  readonly before?: UndoCall & {
    /** Texts in the tool's error that mean: there is nothing. */
    readonly notFound?: readonly string[];
  };
  /** Where there was something before. */
  readonly restore?: UndoCall;
  /** Where there was nothing before. */
  readonly remove?: UndoCall;
}

/**
 * How the effect of one call is undone: worked out by the worker when the call was made, under the configuration
 * that the session has pinned, so that a rollback needs nothing but this.
 */
export type Undo =
  /**
   * A call of a tool of the same server. `ref` holds the `Compensation` where it is too large for the state of a
   * session.
   */
  | (Checkable & { readonly call: Compensation })
  | (Checkable & { readonly ref: Ref })
  /** Why it cannot be undone. */
  | { readonly impossible: string };

interface Checkable {
  readonly tool: string;
  /** A read tells what is there. */
  readonly checked: boolean;
  /**
   * Digest of what the call left there, null for nothing. Left out where it is not known: then nothing tells whether
   * somebody else changed it since.
   */
  readonly after?: string | null;
}

export interface Compensation {
  readonly args: JsonObject;
  readonly check?: UndoCheck;
}

/** A read that tells whether things are as they were before the call. */
export interface UndoCheck {
  readonly tool: string;
  readonly args: JsonObject;
  /** Texts by which the tool says that there is nothing. */
  readonly notFound: readonly string[];
  /** Digest of what was there, null for nothing. */
  readonly before: string | null;
}

/** An effect of the session on the world, in the order in which calls ended. */
export interface UndoEntry {
  /** From 1 on, without gaps, for the whole session. */
  readonly n: number;
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  readonly at: number;
  readonly undo: Undo;
  /** Micro-USD kept for undoing it. */
  readonly reserved?: number;
  /** Micro-USD that it cost; absent is nothing. */
  readonly cost?: number;
}

/** Entries that were moved out of the state. */
export interface UndoPage {
  /** The page before it. */
  readonly before: Ref | null;
  readonly entries: readonly UndoEntry[];
}
