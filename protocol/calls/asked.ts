import type { JsonObject } from '../values/json.ts';
import type { Ref } from '../values/payload.ts';

/** What rules want of persons before a call is made. */
export interface ApprovalAsked {
  /** SHA-256 of the RFC 8785 form of the arguments as they would be sent: what is approved, and nothing else. */
  readonly digest: string;
  /** The definition of the tool, and the rules, by which the attempt was decided. */
  readonly toolHash: string;
  readonly set: string;
  readonly persons: number;
  /** Milliseconds until it is too late. */
  readonly expires: number;
  /** What the server says that the tool does, the beginning of it; its words, not to be trusted. */
  readonly description?: string;
  /** Of a tool that is undone by what stood there before. */
  readonly before?: BeforeImage;
}

/** What stood where a call would change something when persons were asked: found with the operator's read-only tool. */
export type BeforeImage =
  | { readonly exists: boolean; readonly found: FoundBefore }
  /** Too large for history: `FoundBefore` in the payload store. */
  | { readonly exists: boolean; readonly ref: Ref }
  /** Why it could not be read. */
  | { readonly problem: string };

export interface FoundBefore {
  /** What the read said, '' for nothing. */
  readonly text: string;
  /**
   * Arguments with which the same tool would put it back: held against those of the call they show what would change.
   */
  readonly restores?: JsonObject;
  /** Names of the arguments that carry what stands there. */
  readonly carriers: readonly string[];
}
