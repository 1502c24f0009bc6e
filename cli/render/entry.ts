import { RESERVED_ACTORS } from '../../protocol/by.ts';
import type { Entry } from '../../audit/entry.ts';
import { printable } from '../io/printable.ts';
import { dim } from './style.ts';

/** One line of a timeline. */
export function showEntry({ at, layer, kind, text, by, callId }: Entry): string {
  const who = by === null ? '' : `  by ${printable(by)}${RESERVED_ACTORS.includes(by) ? '' : ' (claimed)'}`;
  const call = callId === null ? '' : `  ${printable(callId)}`;
  return `${dim(at)}  ${layer.padEnd(10)}  ${printable(kind).padEnd(16)}  ${printable(text)}${dim(call + who)}`;
}
