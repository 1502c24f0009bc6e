import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { type ProofCheck, signedText, type Verdict } from '../../protocol/identity/proof.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { PrincipalKey, PrincipalList } from '../../protocol/identity/principals.ts';
import { quote } from '../../protocol/values/text.ts';

/** Where a proof was sent to: what a worker knows by itself, whatever the session says. */
export interface Place {
  readonly namespace: string;
  readonly session: string;
}

/**
 * Is a signature one of the actor, over this command of this session? The key must be in the list and valid now.
 *
 * @param now epoch milliseconds
 */
export function verify(list: PrincipalList, check: ProofCheck, place: Place, now: number): Verdict {
  const { act, actor, key: id, signature, vouched } = check;
  const found = holderOf(list, id);
  if (!found) return refuse('KEY_UNKNOWN', `The list of principals has no key ${id}.`);
  const { name, key } = found;
  if (!isSigned(key, signedText({ ...check, ...place }), signature))
    return refuse(
      'PROOF_INVALID',
      `The signature is not one of key ${id} over this '${act}' of session ${quote(place.session)} by ` +
        `${quote(actor)}, with these fields.`,
    );
  if (vouched && !found.principal.vouches)
    return refuse('ACTOR_MISMATCH', `Key ${id} is ${quote(name)}'s, whom the list does not let vouch for others.`);
  if (!vouched && name !== actor)
    return refuse('ACTOR_MISMATCH', `Key ${id} is ${quote(name)}'s, and not ${quote(actor)}'s.`);
  if (key.revoked) return refuse('KEY_REVOKED', `Key ${id} of ${quote(name)} was revoked.`);
  const { from, until } = key;
  const iso = (instant: number): string => new Date(instant).toISOString();
  if (from !== null && now < from) return refuse('KEY_EXPIRED', `Key ${id} is valid from ${iso(from)} on.`);
  if (until !== null && now >= until) return refuse('KEY_EXPIRED', `Key ${id} was valid until ${iso(until)}.`);
  const { person, roles } = found.principal;
  if (!vouched) return { ok: true, proven: { person, roles, key: id, list: list.hash } };
  const had = vouched.roles.filter((role) => roles.includes(role));
  return { ok: true, proven: { person: vouched.person, roles: had, key: id, list: list.hash } };
}

/** A key stands under one principal. */
function holderOf({ principals }: PrincipalList, id: string) {
  for (const [name, principal] of Object.entries(principals)) {
    const key = principal.keys.find((each) => each.id === id);
    if (key) return { name, principal, key };
  }
  return undefined;
}

function isSigned({ publicKey }: PrincipalKey, text: string, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verifySignature(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'hex'));
}

const refuse = (code: ErrorCode, message: string): Verdict => ({ ok: false, refusal: { code, message } });
