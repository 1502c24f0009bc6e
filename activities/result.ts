import type { ToolResult } from '../protocol/calls/result.ts';
import { byteLength, canonical, sha256Hex } from '../protocol/values/digest.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Json } from '../protocol/values/json.ts';
import { type PayloadStore, previewOf } from '../protocol/values/payload.ts';
import { formatSize } from '../protocol/values/size.ts';

/** What a server answered, the whole of it. */
export type WholeResult = Extract<ToolResult, { content: unknown } | { raw: unknown }>;

/**
 * An answer as history keeps it: by reference where it is too large. What cannot be kept is known by hash, size,
 * preview and the reason: the tool has run, so that is no failure of the call.
 *
 * @param maxResult bytes beyond which it is not kept
 */
export async function toToolResult(
  answer: WholeResult,
  payloads: PayloadStore,
  maxResult: number = LIMITS.messageBytes,
): Promise<ToolResult> {
  const bytes = byteLength(answer.exact ?? JSON.stringify(answer));
  if (bytes > maxResult)
    return truncated(
      answer,
      'RESULT_TOO_LARGE',
      `The result is not kept: it is ${bytes} bytes, and session.maxResult is ${formatSize(maxResult)}.`,
    );
  if (byteLength(JSON.stringify(answer)) <= LIMITS.resultBytes) return answer;
  return payloads.put(answer as unknown as Json).then(
    (ref) => ({ ref }),
    (error: unknown) =>
      truncated(
        answer,
        'STORE_UNAVAILABLE',
        `The result is not kept: ${error instanceof Error ? error.message : String(error)}`,
      ),
  );
}

function truncated(answer: WholeResult, code: ErrorCode, message: string): ToolResult {
  const text = canonical(answer as unknown as Json);
  return {
    truncated: { bytes: byteLength(text), sha256: sha256Hex(text), preview: previewOf(text) },
    why: { code, message },
  };
}
