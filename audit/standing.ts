import { RESERVED_ACTORS } from '../protocol/by.ts';
import { isVerdict } from '../protocol/identity/proof.ts';
import { type Proven, type Standing, standingOf } from '../protocol/identity/standing.ts';
import { isObject } from '../protocol/values/json.ts';

/** How a name stands; null where it is nobody outside. */
export const standingIn = (by: string | null, proof: Proven | null): Standing | null =>
  by === null || RESERVED_ACTORS.includes(by) ? null : standingOf(proof ?? undefined);

/** The proof in a reply or a record; history is hostile until read. */
export function provenIn(value: unknown): { readonly proof?: Proven } {
  const proof = isObject(value) ? value.proof : undefined;
  return proof !== undefined && isVerdict({ ok: true, proven: proof }) ? { proof: proof as unknown as Proven } : {};
}
