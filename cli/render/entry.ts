import type { Entry } from '../../audit/entry.ts';
import { printable } from '../io/printable.ts';
import { dim } from './style.ts';

/** One line of a timeline. */
export function showEntry({ at, layer, kind, text, by, callId, standing, proof }: Entry): string {
  const how = proof ? ` (proven, key ${printable(proof.key)})` : standing === null ? '' : ` (${standing})`;
  const who = by === null ? '' : `  by ${printable(by)}${how}`;
  const call = callId === null ? '' : `  ${printable(callId)}`;
  return `${dim(at)}  ${layer.padEnd(10)}  ${printable(kind).padEnd(16)}  ${printable(text)}${dim(call + who)}`;
}
