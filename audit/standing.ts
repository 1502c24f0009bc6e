import { RESERVED_ACTORS } from '../protocol/by.ts';
import { isVerdict, type Verdict } from '../protocol/identity/proof.ts';
import { type Proven, type Standing, standingOf } from '../protocol/identity/standing.ts';
import { isObject } from '../protocol/values/json.ts';
import type { Body, Entry } from './entry.ts';

/** An entry with how the name in it stands. */
export function standing({ by = null, proof = null }: Body): Pick<Entry, 'by' | 'standing' | 'proof'> {
  const known: Standing | null = by === null || RESERVED_ACTORS.includes(by) ? null : standingOf(proof ?? undefined);
  return { by, standing: known, proof };
}

/** The proof in a reply or a record; history is hostile until read. */
export function provenIn(value: unknown): { readonly proof?: Proven } {
  const proof = isObject(value) ? value.proof : undefined;
  return isVerdict({ ok: true, proven: proof }) ? { proof: proof as unknown as Proven } : {};
}

/** What a worker said of a proof. */
export function proofBody(asked: unknown, said: unknown): Body {
  const { act = '?', actor = null, key = '?' } = isObject(asked) ? asked : {};
  const what = `${String(act)} with key ${String(key)}`;
  const by = typeof actor === 'string' ? { by: actor } : {};
  if (!isVerdict(said)) return { layer: 'compliance', kind: 'proof', text: `${what}: no answer`, ...by };
  return { layer: 'compliance', kind: 'proof', text: `${what}: ${wordsOf(said)}`, ...by, ...provenBy(said) };
}

const wordsOf = (said: Verdict): string =>
  said.ok
    ? `${said.proven.person}, ${said.proven.roles.join(', ')}, by list ${said.proven.list.slice(0, 12)}`
    : `${said.refusal.code}: ${said.refusal.message}`;

const provenBy = (said: Verdict) => (said.ok ? { proof: said.proven } : {});
