import type { ToolResult } from '../session/call.ts';
import { byteLength, digestOf, sha256Hex } from '../session/digest.ts';
import { LIMITS } from '../session/governance.ts';
import { problemOfJson } from '../session/json.ts';

const PREVIEW = 1024;

/** What a server answered, the whole of it. */
export type WholeResult = Extract<ToolResult, { content: unknown } | { raw: unknown }>;

/** A tool's answer as history keeps it: made well-formed, and by hash, size and preview where it is too large (D13). */
export function toToolResult(answer: WholeResult): ToolResult {
  const text = JSON.stringify(answer);
  const bytes = byteLength(text);
  const problem = problemOfJson(answer);
  if (bytes <= LIMITS.resultBytes && !problem) return answer;
  if (bytes <= LIMITS.resultBytes && problem?.includes('Unicode')) return JSON.parse(wellFormed(text)) as ToolResult;
  const sha256 = problem ? sha256Hex(text) : digestOf(answer);
  return { truncated: { bytes, sha256, preview: wellFormed(text.slice(0, PREVIEW)) } };
}

/** `JSON.stringify` writes lone surrogates as escapes; U+FFFD takes their place, as in UTF-8. */
const wellFormed = (text: string): string => text.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1\uFFFD').toWellFormed();
