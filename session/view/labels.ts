import type { SessionSpec } from '../../protocol/spec.ts';
import { byteLength } from '../../protocol/values/digest.ts';

/** A Temporal server takes 2,048 bytes of JSON for one search attribute, unless it is configured otherwise. */
const BYTES = 2000;

/** Labels as lists find them, `name=value`; those at the end that are too long for a search attribute are left out. */
export function labelsOf({ labels = {} }: SessionSpec): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(labels)) {
    const longer = [...found, `${name}=${value}`];
    if (byteLength(JSON.stringify(longer)) > BYTES) break;
    found.push(`${name}=${value}`);
  }
  return found;
}
