import type { Refusal } from '../errors.ts';
import { byteLength } from '../values/digest.ts';
import type { Json, JsonObject } from '../values/json.ts';
import type { Ref } from '../values/payload.ts';

/** A tool's answer, as the server gave it, or what stands for it in history when it is too large. */
export type ToolResult =
  | {
      readonly content: Json;
      readonly structuredContent?: Json;
      /** What else its result says: `_meta`, and members that MCP does not know, or not so. */
      readonly more?: JsonObject;
      /**
       * Its JSON text, as the server sent it, where no JSON value of JavaScript stands for it. The values beside it
       * come close, as `carry` says.
       */
      readonly exact?: string;
    }
  /** The whole result of another method than `tools/call`; or of a tool, where it is none that a tool may give. */
  | { readonly raw: Json; readonly exact?: string }
  /** The whole answer is in the payload store. */
  | { readonly ref: Ref }
  /** The whole answer is nowhere: RESULT_TOO_LARGE, STORE_UNAVAILABLE; no reason where it is older than references. */
  | { readonly truncated: Ref; readonly why?: Refusal };

/** What stands for a result that is too large for history; undefined where history has the whole of it. */
export const outsideOf = (result: ToolResult): Ref | undefined =>
  'ref' in result ? result.ref : 'truncated' in result ? result.truncated : undefined;

/** Bytes of a result, wherever it is kept. */
export const bytesOfResult = (result: ToolResult): number =>
  outsideOf(result)?.bytes ?? byteLength(JSON.stringify(result));

/** What a tool says first, where it says it in words. */
export function firstTextOf(result: ToolResult | undefined): string | undefined {
  const content = result && 'content' in result ? result.content : undefined;
  const text = Array.isArray(content) ? (content[0] as { text?: unknown } | undefined)?.text : undefined;
  return typeof text === 'string' ? text : undefined;
}
