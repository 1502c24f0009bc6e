import { byteLength } from '../../protocol/values/digest.ts';
import { type Intent, nameOf } from '../../protocol/calls/call.ts';

/** Bytes. Temporal takes 400, with what authenticates and encrypts them. */
const LONGEST = 160;

/**
 * `files.write_file draft.md`: the tool and the first short text among its arguments; of another method its subject.
 * For the Temporal UI.
 */
export function summaryOf({ args, argsRef, attempt, compensates, ...call }: Omit<Intent, 'runId'>): string {
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  const undo = compensates === undefined ? '' : `undo ${compensates}: `;
  const hint = argsRef ? ` (${argsRef.bytes} bytes)` : call.method === undefined ? firstTextIn(args) : '';
  return upTo(LONGEST, `${undo}${nameOf(call)}${hint}${again}`);
}

function upTo(most: number, text: string): string {
  if (byteLength(text) <= most) return text;
  let bytes = 0;
  let cut = '';
  for (const char of text) {
    bytes += byteLength(char);
    if (bytes > most) break;
    cut += char;
  }
  return cut;
}

function firstTextIn(args: Intent['args']): string {
  const first = Object.values(args).find((value) => typeof value === 'string' && value.length > 0);
  return typeof first === 'string' ? ` ${first.slice(0, 200).replace(/\s+/g, ' ').slice(0, 60)}` : '';
}
