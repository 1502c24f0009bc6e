import type { ToolResult } from '../protocol/call.ts';
import { byteLength, canonical, sha256Hex } from '../protocol/values/digest.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { problemOfJson } from '../protocol/values/json.ts';
import { type PayloadStore, previewOf } from '../protocol/values/payload.ts';
import { formatSize } from '../protocol/values/size.ts';

/** What a server answered, the whole of it. */
export type WholeResult = Extract<ToolResult, { content: unknown } | { raw: unknown }>;

/**
 * A tool's answer as history keeps it: made well-formed, and by reference where it is too large (D13). What cannot be
 * kept is known by hash, size, preview and the reason: the tool has run, so that is no failure of the call.
 *
 * @param maxResult bytes beyond which it is not kept
 */
export async function toToolResult(
  answer: WholeResult,
  payloads: PayloadStore,
  maxResult: number = LIMITS.messageBytes,
): Promise<ToolResult> {
  const text = JSON.stringify(answer);
  const bytes = byteLength(text);
  const problem = problemOfJson(answer);
  if (problem && !problem.includes('Unicode'))
    return truncated(wellFormed(text), 'SERVER_PROTOCOL_ERROR', `The result is not kept: ${problem}.`);
  const sound = (problem ? JSON.parse(wellFormed(text)) : answer) as WholeResult;
  if (bytes > maxResult)
    return truncated(
      canonical(sound),
      'RESULT_TOO_LARGE',
      `The result is not kept: it is ${bytes} bytes, and session.maxResult is ${formatSize(maxResult)}.`,
    );
  if (bytes <= LIMITS.resultBytes) return sound;
  return payloads.put(sound).then(
    (ref) => ({ ref }),
    (error: unknown) =>
      truncated(
        canonical(sound),
        'STORE_UNAVAILABLE',
        `The result is not kept: ${error instanceof Error ? error.message : String(error)}`,
      ),
  );
}

const truncated = (text: string, code: ErrorCode, message: string): ToolResult => ({
  truncated: { bytes: byteLength(text), sha256: sha256Hex(text), preview: previewOf(text) },
  why: { code, message },
});

/** `JSON.stringify` writes lone surrogates as escapes; U+FFFD takes their place, as in UTF-8. */
const wellFormed = (text: string): string =>
  text.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1\uFFFD').toWellFormed();
