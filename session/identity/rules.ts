import { type By, withoutProof } from '../../protocol/by.ts';
import type { OutsideCommand } from '../../protocol/commands.ts';
import type { ErrorCode, Refusal } from '../../protocol/errors.ts';
import { problemOfAge, type ProofCheck, type Verdict } from '../../protocol/identity/proof.ts';
import { type Act, ACTS, mayAct, PROVEN_ACTS, type ProvenAct, roleMissing } from '../../protocol/identity/roles.ts';
import type { SentProof } from '../../protocol/identity/standing.ts';
import { listed } from '../../protocol/values/text.ts';
import { type Decision, refuse } from '../decision.ts';
import { commandKey } from '../lifecycle/fold.ts';
import type { Session } from '../session.ts';

type Known = Pick<Session, 'principals' | 'governance' | 'signatures'>;

const isProvenAct = (act: Act): act is ProvenAct => (PROVEN_ACTS as readonly Act[]).includes(act);

/** May this be done by a proven actor alone? */
export const needsProof = ({ principals, governance }: Known, act: Act): boolean =>
  principals !== null && isProvenAct(act) && (governance?.proof?.[act] ?? ACTS[act].proof);

/** A command that needs a proof and has none. */
export function refuseUnproven(session: Session, { type, by }: OutsideCommand): Decision | undefined {
  if (by.proven || !needsProof(session, type)) return undefined;
  const { code, message } = missing(session, type, by.actor);
  return refuse(code, message);
}

export function missing(session: Known, act: Act, actor: string): Refusal {
  const also = PROVEN_ACTS.filter((each) => each !== act && needsProof(session, each));
  const rest = also.length === 0 ? '' : `; so do ${listed(also)}`;
  return {
    code: 'PROOF_MISSING',
    message: `'${act}' needs a proven actor in this session, and '${actor}' is only claimed${rest}.`,
  };
}

/** What is wrong with a proof before it is checked: its age, or that it was used. @param now epoch milliseconds */
export function problemOfProof(session: Known, act: Act, by: By, proof: SentProof, now: number): Refusal | undefined {
  const age = problemOfAge(proof.at, now);
  if (age !== undefined) return { code: 'PROOF_EXPIRED', message: age };
  const { key, at } = proof;
  const known = Object.hasOwn(session.signatures, key) ? session.signatures[key] : undefined;
  if (!known) return undefined;
  const command = commandKey(act, by.commandId);
  const before = known.kept.find((each) => each.at === at && each.command === command);
  if (before?.isDone || (!before && at > known.upTo)) return undefined;
  const message = before
    ? `This signature of '${act}' came before, and the command was refused then.`
    : `The key has signed so much since then that it is not known whether this signature of '${act}' came before.`;
  return { code: 'PROOF_REPLAYED', message };
}

/** Did a signed command of this id take effect? */
export const isDone = ({ signatures }: Known, command: string): boolean =>
  Object.values(signatures).some(({ kept }) => kept.some((each) => each.isDone && each.command === command));

export const checkOf = (act: Act, { actor, commandId }: By, proof: SentProof): ProofCheck => ({
  act,
  actor,
  commandId,
  ...proof,
});

/** Nobody could say whether a proof is good. */
const UNAVAILABLE: ReadonlySet<ErrorCode> = new Set(['PROOF_UNCHECKED', 'PRINCIPALS_INVALID']);

export type Judged = { readonly ok: true; readonly by: By } | { readonly ok: false; readonly refusal: Refusal };

/**
 * Who asks, by what a worker found. A proof that is not good is a refusal, whether it was needed or not; one that
 * nobody could check counts for nothing where none was needed.
 */
export function judge(session: Known, act: Act, by: By, verdict: Verdict): Judged {
  if (!verdict.ok) {
    const { refusal } = verdict;
    const isEnough = UNAVAILABLE.has(refusal.code) && !needsProof(session, act);
    return isEnough ? { ok: true, by: withoutProof(by) } : { ok: false, refusal };
  }
  const { proven } = verdict;
  if (mayAct(act, proven.roles)) return { ok: true, by: withoutProof(by, proven) };
  return { ok: false, refusal: { code: 'ROLE_MISSING', message: roleMissing(act, by.actor, proven.roles) } };
}
