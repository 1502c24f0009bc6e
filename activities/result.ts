import type { ToolResult } from '../session/call.ts';
import { byteLength, canonical, sha256Hex } from '../session/digest.ts';
import { LIMITS } from '../session/governance.ts';
import { problemOfJson } from '../session/json.ts';
import { type PayloadStore, previewOf } from '../session/payload.ts';

/** What a server answered, the whole of it. */
export type WholeResult = Extract<ToolResult, { content: unknown } | { raw: unknown }>;

/**
 * A tool's answer as history keeps it: made well-formed, and by reference where it is too large (D13). What the store cannot
 * take is known by hash, size and preview alone: the tool has run, so that is no failure of the call.
 *
 * @param onLoss told why an answer is not kept
 */
export async function toToolResult(answer: WholeResult, payloads: PayloadStore, onLoss: (why: unknown) => void): Promise<ToolResult> {
  const text = JSON.stringify(answer);
  const bytes = byteLength(text);
  const problem = problemOfJson(answer);
  if (problem && !problem.includes('Unicode')) {
    onLoss(problem);
    return { truncated: { bytes, sha256: sha256Hex(text), preview: previewOf(wellFormed(text)) } };
  }
  const sound = (problem ? JSON.parse(wellFormed(text)) : answer) as WholeResult;
  if (bytes <= LIMITS.resultBytes) return sound;
  return payloads.put(sound).then((ref) => ({ ref }), (why: unknown) => {
    onLoss(why);
    const kept = canonical(sound);
    return { truncated: { bytes: byteLength(kept), sha256: sha256Hex(kept), preview: previewOf(kept) } };
  });
}

/** `JSON.stringify` writes lone surrogates as escapes; U+FFFD takes their place, as in UTF-8. */
const wellFormed = (text: string): string => text.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1\uFFFD').toWellFormed();
