import { Context } from '@temporalio/activity';
import { CustodyError } from '../../protocol/errors.ts';
import type { Governance } from '../../protocol/governance.ts';
import { problemOfAge, type ProofCheck, type Verdict } from '../../protocol/identity/proof.ts';
import { mayAct, roleMissing } from '../../protocol/identity/roles.ts';
import type { PrincipalList } from '../../protocol/identity/principals.ts';
import type { Proven } from '../../protocol/identity/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import type { LoadedProfile, LoadProfile } from '../types.ts';
import { type Place, verify } from './verify.ts';

/** What this worker says of a proof. */
export async function proveActor(
  { principals }: Pick<ActivityDeps, 'principals'>,
  check: ProofCheck,
): Promise<Verdict> {
  try {
    const list = await principals.current();
    if (list) return verify(list, check, placeOf(), Date.now());
    const message = 'The configuration of the worker that was asked names no list of principals.';
    return { ok: false, refusal: { code: 'PROOF_UNCHECKED', message } };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    const { code, message } = error;
    return { ok: false, refusal: { code, message } };
  }
}

/**
 * Who starts a session, where there is a list of principals.
 *
 * @throws CustodyError PROOF_MISSING where the profile asks for a proof; and what is wrong with one
 */
export async function whoStarts(
  { principals }: Pick<ActivityDeps, 'principals'>,
  { proof }: Governance,
  start: LoadProfile['start'],
): Promise<Pick<LoadedProfile, 'principals' | 'starter'>> {
  const list = await principals.current();
  if (!list) return {};
  if (start?.check) return { principals: list.hash, starter: starterIn(list, start.check, start.at) };
  if (start && proof.start)
    throw new CustodyError('PROOF_MISSING', 'Starting a session needs a proven actor under this profile.');
  return { principals: list.hash };
}

/** @param startedAt by the clock of the workflow */
function starterIn(list: PrincipalList, check: ProofCheck, startedAt: number): Proven {
  const age = problemOfAge(check.at, startedAt);
  if (age !== undefined) throw new CustodyError('PROOF_EXPIRED', age);
  const verdict = verify(list, check, placeOf(), Date.now());
  if (!verdict.ok) throw new CustodyError(verdict.refusal.code, verdict.refusal.message);
  const { roles } = verdict.proven;
  if (mayAct('start', roles)) return verdict.proven;
  throw new CustodyError('ROLE_MISSING', roleMissing('start', check.actor, roles));
}

function placeOf(): Place {
  const { namespace, workflowExecution } = Context.current().info;
  return { namespace, session: workflowExecution?.workflowId ?? '' };
}
