import { isObject } from '../../protocol/values/json.ts';
import { isRef, type Ref } from '../../protocol/values/payload.ts';

/** The values outside history that a value refers to. */
export function refsIn(value: unknown): readonly Ref[] {
  if (isRef(value)) return [value];
  const parts = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return parts.flatMap(refsIn);
}
