import { createPublicKey, verify } from 'node:crypto';
import { type ProofCheck, signedText } from '../../protocol/identity/proof.ts';
import type { Principal, PrincipalKey, PrincipalList } from '../../protocol/identity/principals.ts';
import type { Proven } from '../../protocol/identity/standing.ts';
import { type Finding, finding } from './finding.ts';

/** A signature that a worker looked at. */
export interface SignedCheck {
  readonly check: ProofCheck;
  readonly run: string;
  readonly events: readonly number[];
  /** Who it is, by the worker's word; null where it took the signature for none. */
  readonly found: Proven | null;
}

/** What signatures are held against. */
export interface SignatureTerms {
  readonly namespace: string;
  readonly session: string;
  /** Lists of principals by their hash. */
  readonly lists: ReadonlyMap<string, PrincipalList>;
}

/** Is a signature that a worker took one of its key over what was signed? */
export function checkSignature(
  { check, run, events, found }: SignedCheck,
  { namespace, session, lists }: SignatureTerms,
): readonly Finding[] {
  if (!found) return [];
  const place = { run, events };
  const data = { act: String(check.act), actor: String(check.actor), key: found.key };
  const list = lists.get(found.list);
  if (!list) return [finding('SIGNATURE_NOT_CHECKED', { ...data, list: found.list }, place)];
  const holder = Object.entries(list.principals).find(([, { keys }]) => keys.some(({ id }) => id === found.key));
  const key = holder?.[1].keys.find(({ id }) => id === found.key);
  const isHis = holder && isOf(holder, check, found) && check.key === found.key;
  const text = textOf({ ...check, namespace, session });
  if (key && isHis && text !== undefined && isSigned(key, text, check.signature)) return [];
  return [finding('SIGNATURE_INVALID', { ...data, namespace }, place)];
}

/** Is the key the actor's own, or of one who may vouch for that one; and is the person who was said to be it? */
function isOf([name, { person, vouches }]: [string, Principal], check: ProofCheck, found: Proven): boolean {
  const { actor, vouched } = check;
  if (!vouched) return name === actor && person === found.person;
  return vouches === true && vouched.person === found.person;
}

/** Undefined where it cannot be one: the check stands in a history, which is hostile until read. */
function textOf(statement: Parameters<typeof signedText>[0]): string | undefined {
  try {
    return signedText(statement);
  } catch {
    return undefined;
  }
}

function isSigned({ publicKey }: PrincipalKey, text: string, signature: unknown): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(String(signature), 'hex'));
  } catch {
    return false;
  }
}
