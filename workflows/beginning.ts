import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { withoutProof } from '../protocol/by.ts';
import type { Refusal } from '../protocol/errors.ts';
import type { Proven } from '../protocol/identity/standing.ts';
import { beginningIn, type SessionInput } from '../protocol/session-input.ts';
import type { Carried } from '../session/capacity/carried.ts';
import { judge } from '../session/identity/rules.ts';
import { byOf, demandOf } from '../session/identity/start.ts';
import type { Session } from '../session/session.ts';
import { prove } from './effects/prove.ts';

/** Who has a run go on from the state of another. */
export interface TakenOverBy {
  readonly actor: string;
  readonly reason: string;
  readonly proven?: Proven;
  /** When that was signed, epoch milliseconds. */
  readonly signedAt?: number;
}

/** Who that is, proven where that state asks for it; the run fails with the code of a refusal. */
export async function whoTakesOver(input: SessionInput<Carried>, from: Session): Promise<TakenOverBy> {
  const beginning = beginningIn(input);
  if (!beginning) throw fail({ code: 'INTERNAL_ERROR', message: 'Nobody takes the session over.' });
  const { act } = beginning;
  const by = byOf(beginning);
  const { refusal, check } = demandOf(from, act, by, workflowInfo().startTime.getTime());
  if (refusal) throw fail(refusal);
  const judged = check ? judge(from, act, by, await prove(check)) : { ok: true as const, by: withoutProof(by) };
  if (!judged.ok) throw fail(judged.refusal);
  const { actor, reason, proven } = judged.by;
  return { actor, reason, ...(proven && check ? { proven, signedAt: check.at } : {}) };
}

const fail = ({ code, message }: Refusal): ApplicationFailure => ApplicationFailure.nonRetryable(message, code);
