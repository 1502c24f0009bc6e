import type { Refusal } from '../../protocol/errors.ts';
import { NO_USAGE } from '../../protocol/agent.ts';
import { newBudget } from '../budgets/state.ts';
import { totalOf } from '../money/balance.ts';
import { accountOfFork } from '../money/fork.ts';
import { type Session, emptySession } from '../session.ts';
import type { Starter } from '../identity/state.ts';
import { causesOf } from '../reviews/asked.ts';
import { weigh } from '../capacity/weight.ts';
import { NEW_PLAN } from '../plan/state.ts';
import type { Checkpoint } from '../undo/state.ts';

export type Forked =
  { readonly ok: true; readonly session: Session } | { readonly ok: false; readonly refusal: Refusal };

/**
 * A session that goes on from a checkpoint of another. It shares the outside world, and has its own ledger and undo
 * log: what its parent did is its parent's to undo. It keeps the deadline, what was counted, open duties,
 * governance and pins of its parent as they are now, and plan and agent state as they were at the checkpoint. It begins
 * by opening its servers, as a resume does.
 *
 * @param now epoch milliseconds
 */
export function forkOf(
  parent: Session,
  id: string,
  { at, by }: { readonly at: string; readonly by: Starter },
  now: number,
): Forked {
  const point = parent.checkpoints.find(({ name }) => name === at);
  if (!point) return refuse('CHECKPOINT_NOT_FOUND', `${noCheckpoint(parent, at)}.`);
  if (parent.resetAt !== null)
    return refuse('SESSION_RESET', `The session '${parent.id}' was reset in Temporal; recover it first.`);
  const deadlineAt = parent.clock.deadlineAt + suspended(parent, now);
  if (parent.clock.graceUntil !== null || deadlineAt <= now) {
    const passed = `passed at ${new Date(deadlineAt).toISOString()}`;
    return refuse('DEADLINE_PASSED', `The deadline of the session '${parent.id}', which a fork keeps, ${passed}.`);
  }
  const reason = `forked from checkpoint '${at}' of ${parent.id}: ${by.reason}`;
  const paused = { name: 'PAUSED', cause: 'operator', reason, by: by.actor, since: now } as const;
  const session: Session = {
    ...emptySession(id, parent.spec, parent.startedAt, by),
    governance: parent.governance,
    profileHash: parent.profileHash,
    principals: parent.principals,
    policy: parent.policy,
    denials: parent.denials,
    servers: parent.servers,
    parent: {
      id: parent.id,
      at,
      since: now,
      calls: parent.counts.calls,
      bytes: parent.counts.bytes,
      ...spentBy(parent, now),
    },
    counts: parent.counts,
    usage: parent.account ? NO_USAGE : parent.usage,
    account: accountOfFork(parent, now),
    budgets: parent.budgets.map(newBudget),
    duties: parent.duties,
    checkedOver24h: parent.checkedOver24h,
    reviewCauses: causesOf(parent).map((cause) => ({ cause, since: now })),
    dayReviewed: parent.dayReviewed,
    drivers: parent.drivers,
    state: { name: 'RESUMING', paused, acceptChanges: false },
    clock: { ...parent.clock, deadlineAt, lastCallAt: now },
    agentState: point.agentState,
    plan: planAt(parent, point),
  };
  return { ok: true, session: { ...session, weight: weigh(session) } };
}

function noCheckpoint({ id, checkpoints }: Session, at: string): string {
  const names = checkpoints.slice(-20).map(({ name }) => name);
  return `The session '${id}' has no checkpoint '${at}'; it has ${names.join(', ') || 'none'}`;
}

const spentBy = ({ account }: Session, now: number) => (account ? { microUsd: totalOf(account, now) } : {});

/** Results of earlier steps stay, for the steps that refer to them. */
const planAt = ({ plan }: Session, point: Checkpoint): Session['plan'] =>
  plan && { ...NEW_PLAN, cursor: plan.cursor, results: plan.results, ...point.plan };

/** Paused time of the parent that does not count has not moved its deadline yet. */
const suspended = ({ state, governance }: Session, now: number): number =>
  state.name === 'PAUSED' && governance?.session.pausedTimeCounts === false ? Math.max(0, now - state.since) : 0;

const refuse = (code: Refusal['code'], message: string): Forked => ({ ok: false, refusal: { code, message } });
