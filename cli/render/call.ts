import type { CallDetails } from '../../client/index.ts';
import { isRef } from '../../protocol/values/payload.ts';
import { printable, printableJson } from '../io/printable.ts';
import { showAnswer } from './answer.ts';
import { showEntry } from './entry.ts';
import { bold } from './style.ts';

/** `custody show ID CALL` in words. */
export function showCall({ callId, asked, entries, answer }: CallDetails): string {
  const args = asked && (isRef(asked.args) ? refText(asked.args) : printableJson(asked.args, 2));
  const { status, body } = answer ? showAnswer(answer) : { status: 'no answer is known', body: '' };
  return [
    bold(printable(callId)),
    ...(args === null ? [] : [`asked at ${asked?.at ?? ''} with`, args]),
    ...(entries.length === 0 ? [] : ['', ...entries.map(showEntry)]),
    '',
    status,
    ...(body === '' ? [] : [body]),
  ].join('\n');
}

const refText = ({ bytes, sha256, preview }: { bytes: number; sha256: string; preview: string }): string =>
  `${printable(preview)}\n… ${bytes} bytes in the payload store, SHA-256 ${printable(sha256)}`;
