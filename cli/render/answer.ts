import type { Answer } from '../../protocol/calls/call.ts';
import type { ToolResult } from '../../protocol/calls/result.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { standingOf } from '../../protocol/identity/standing.ts';
import { isObject } from '../../protocol/values/json.ts';
import { printable, printableJson, printableLines } from '../io/printable.ts';

/** An answer in words: what the tool said, and one sentence on how the call ended. */
export function showAnswer({ callId, outcome, attempts, result, error, resolved }: Answer): {
  readonly status: string;
  readonly body: string;
} {
  const lines = [`call ${printable(callId)}: ${outcome}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`];
  if (resolved) {
    const { actor, reason, proof } = resolved;
    lines.push(`resolved by ${printable(actor)} (${standingOf(proof)}): ${printable(reason)}`);
  }
  if (error) lines.push(`${error.code}: ${printableLines(error.message)}`, `  ${ERRORS[error.code].remedy}`);
  return { status: lines.join('\n'), body: result ? showResult(result) : '' };
}

function showResult(result: ToolResult): string {
  if ('exact' in result && result.exact !== undefined) return printableLines(result.exact);
  if ('raw' in result) return printableJson(result.raw, 2);
  if (!('content' in result)) {
    const { bytes, sha256, preview } = 'ref' in result ? result.ref : result.truncated;
    const why =
      'ref' in result
        ? 'It is not in the payload store here: name that of the workers with --store.'
        : (result.why?.message ?? '');
    return (
      `${printableLines(preview)}\n… ${bytes} bytes in all, SHA-256 ${printable(sha256)}. ` + `${printableLines(why)}`
    ).trimEnd();
  }
  const items = Array.isArray(result.content) ? (result.content as readonly unknown[]) : [];
  if (items.length === 0 && result.structuredContent !== undefined) return printableJson(result.structuredContent, 2);
  return items.map(showItem).join('\n');
}

/** One content block of MCP. */
function showItem(item: unknown): string {
  if (!isObject(item)) return printableJson(item);
  if (item.type === 'text' && typeof item.text === 'string') return printableLines(item.text);
  if (typeof item.data === 'string')
    return (
      `[${printable(String(item.type))} ${printable(String(item.mimeType))}, ${item.data.length} characters of ` +
      'base64]'
    );
  return printableJson(item);
}
