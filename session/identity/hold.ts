import { withoutProof } from '../../protocol/by.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Verdict } from '../../protocol/identity/proof.ts';
import type { SentProof } from '../../protocol/identity/standing.ts';
import type { Event } from '../events.ts';
import { isRepeated } from '../lifecycle/repeated.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Run } from '../run.ts';
import type { Step } from '../step.ts';
import { type Held, MOST_HELD } from './held.ts';
import { checkOf, problemOfProof } from './rules.ts';

type Holding = Pick<Held, 'command' | 'via'>;

/**
 * Holds a command back whose proof has to be checked, and any that comes while others wait: they take effect in the
 * order in which they came. Undefined for one that can be obeyed at once.
 *
 * @param now epoch milliseconds
 */
export function hold(run: Run, { command, via }: Holding, now: number): Step | { refusal: Refusal } | undefined {
  const { session, held, heldUpTo } = run;
  if (command.type === 'heartbeat') return undefined;
  const isMoot = isEnded(session.state) || isRepeated(session, command);
  const proof = session.principals === null || isMoot ? undefined : command.by.proof;
  if (!proof && held.length === 0) return undefined;
  const refusal = proof && problemOfProof(session, command.type, command.by, proof, now);
  if (refusal) return { refusal };
  if (held.length >= MOST_HELD) {
    const message = `${held.length} commands wait for what a worker says of their proofs; ask again in a moment.`;
    return { refusal: { code: 'PROOF_UNCHECKED', message } };
  }
  const n = heldUpTo + 1;
  const next: Held = { n, command, via, verdict: proof ? null : 'none' };
  return {
    run: { ...run, held: [...held, next], heldUpTo: n },
    effects: proof ? [{ type: 'prove', n, check: checkOf(command.type, command.by, proof) }] : [],
  };
}

/** The run once a worker has spoken. */
export const withVerdict = (run: Run, n: number, verdict: Verdict): Run => ({
  ...run,
  held: run.held.map((each) => (each.n === n ? { ...each, verdict } : each)),
});

/** The first of those that wait, once nothing keeps it back, and the run without it. */
export function release(run: Run): { readonly run: Run; readonly next: Held } | undefined {
  const [next, ...held] = run.held;
  return next && next.verdict !== null ? { run: { ...run, held }, next } : undefined;
}

/** That a proof was good: it is not taken twice. @param isDone the command took effect */
export function proven(
  { type: name, by }: Held['command'],
  proof: SentProof | undefined,
  isDone: boolean,
  now: number,
): readonly Event[] {
  if (!proof) return [];
  const { key, at: signedAt } = proof;
  return [{ type: 'proven', name, by: withoutProof(by), key, signedAt, isDone, at: now }];
}
