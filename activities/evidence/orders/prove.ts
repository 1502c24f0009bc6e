import { CustodyError } from '../../../protocol/errors.ts';
import { type EvidenceOrder, type Obeyed, ORDERS, statementOf } from '../../../protocol/evidence/orders.ts';
import { problemOfAge } from '../../../protocol/identity/proof.ts';
import { needsRole } from '../../../protocol/identity/roles.ts';
import { type Place, verify } from '../../identity/verify.ts';
import type { ActivityDeps } from '../../deps.ts';

/** An order, with who gave it; where it stands is not known yet. */
export type Proved = Omit<Obeyed, 'after'>;

/**
 * Who gave an order, by the list of principals as it is now. A name that is only claimed erases and holds nothing,
 * whatever a profile says.
 *
 * @param at when it came, by the clock of Temporal, in epoch milliseconds
 * @throws CustodyError PROOF_MISSING, PROOF_UNCHECKED, PROOF_EXPIRED, ROLE_MISSING, PRINCIPALS_INVALID, and what is
 *   wrong with a proof
 */
export async function proved(
  { principals }: Pick<ActivityDeps, 'principals'>,
  place: Place,
  { proof, ...order }: EvidenceOrder,
  at: number,
): Promise<Proved> {
  const { act, actor } = order;
  if (!proof) throw new CustodyError('PROOF_MISSING', `'${act}' needs a proven actor, and '${actor}' is only claimed.`);
  const list = await principals.current();
  if (!list)
    throw new CustodyError(
      'PROOF_UNCHECKED',
      'The configuration of the worker that was asked names no list of principals.',
    );
  const age = problemOfAge(proof.at, at);
  if (age !== undefined) throw new CustodyError('PROOF_EXPIRED', age);
  const check = { ...statementOf({ order, proof }, place), signature: proof.signature };
  const verdict = verify(list, check, place, at);
  if (!verdict.ok) throw new CustodyError(verdict.refusal.code, verdict.refusal.message);
  const { proven: who } = verdict;
  const needed = ORDERS[act];
  if (!needed.some((role) => who.roles.includes(role)))
    throw new CustodyError('ROLE_MISSING', needsRole(act, needed, actor, who.roles));
  const publicKey = list.principals[actor]?.keys.find(({ id }) => id === proof.key)?.publicKey ?? '';
  return { act, order, proof, who, publicKey };
}
