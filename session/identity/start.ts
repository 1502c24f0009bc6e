import type { Beginning } from '../../protocol/session-input.ts';
import { proofOf } from '../../protocol/session-input.ts';
import type { By } from '../../protocol/by.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { ProofCheck } from '../../protocol/identity/proof.ts';
import type { Session } from '../session.ts';
import { checkOf, missing, needsProof, problemOfProof } from './rules.ts';

/** What begins a run has no command id: the run begins once. */
export const byOf = (beginning: Beginning): By => {
  const { actor = 'unknown', reason = '' } = beginning.by ?? {};
  const proof = proofOf(beginning);
  return { actor, reason, commandId: '', ...(proof ? { proof } : {}) };
};

/**
 * What has to be checked of who has a run go on from the state of another: nothing, or a proof.
 *
 * @param from that state
 * @param now epoch milliseconds
 */
export function demandOf(
  from: Session,
  act: Beginning['act'],
  by: By,
  now: number,
): { readonly refusal?: Refusal; readonly check?: ProofCheck } {
  const { proof } = by;
  if (from.principals === null) return {};
  if (!proof) return needsProof(from, act) ? { refusal: missing(from, act, by.actor) } : {};
  const refusal = problemOfProof(from, act, by, proof, now);
  return refusal ? { refusal } : { check: checkOf(act, by, proof) };
}
