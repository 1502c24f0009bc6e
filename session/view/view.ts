import { openOf } from '../../protocol/calls/asks.ts';
import type { CallRequest } from '../../protocol/calls/call.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import type { Approval } from '../../protocol/calls/approvals.ts';
import { PROVEN_ACTS } from '../../protocol/identity/roles.ts';
import { REPORTS } from '../../protocol/reports/names.ts';
import { standingOf } from '../../protocol/identity/standing.ts';
import type { ApprovalView, SessionView, StartedBy } from '../../protocol/view.ts';
import { countOlder } from '../calls/ledger/olderIds.ts';
import { troubleOf } from '../calls/state.ts';
import { incidentsOf } from '../incidents/view.ts';
import { moneyOf } from '../money/view.ts';
import { needsProof } from '../identity/rules.ts';
import { isEnded } from '../lifecycle/states.ts';
import { type Binding, bindingOf } from '../servers/binding.ts';
import { reviewsOf } from '../reviews/view.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { countUndone } from '../undo/log.ts';

/**
 * What a session looks like from outside.
 *
 * @param runs runs of its workflow chain so far
 * @param now epoch milliseconds: what the session costs goes on
 */
export function viewOf(session: Session, runs: number, now: number): SessionView {
  const { id, state, spec, clock, governance, restarts, parent, resetAt, counts, usage, agent, undo } = session;
  const { total, codes } = session.refusals;
  return {
    id,
    state: state.name,
    cause: state.name === 'PAUSED' ? state.cause : null,
    reason: 'reason' in state ? state.reason : null,
    outcome: isEnded(state) ? state.name : null,
    code: isEnded(state) && 'code' in state ? state.code : null,
    agent: spec.agent,
    profile: spec.profile,
    labels: spec.labels ?? {},
    startedAt: iso(parent?.since ?? session.startedAt),
    startedBy: startedByOf(session),
    needsProof: PROVEN_ACTS.filter((act) => needsProof(session, act)),
    deadlineAt: governance ? iso(clock.deadlineAt) : null,
    graceUntil: orNull(clock.graceUntil),
    runs,
    restarts,
    parent: parent && { id: parent.id, at: parent.at, calls: parent.calls, bytes: parent.bytes },
    resetAt: orNull(resetAt),
    servers: serversOf(session),
    plan: session.plan ? { done: session.plan.cursor, of: spec.plan?.length ?? 0 } : null,
    checkpoints: session.checkpoints.map(({ name, at, effects }) => ({ name, at: iso(at), effects })),
    effects: { made: undo.last, undone: countUndone(undo) },
    rollback: rollbackOf(session),
    calls: callsOf(session),
    openCalls: session.open.map((call) => ({
      ...summaryOf(call),
      phase: call.phase,
      trouble: troubleOf(call),
      asks: call.phase === 'awaiting_input' ? openOf(call.asks) : null,
    })),
    approvals: session.approvals.flatMap(approvalOf),
    reviews: reviewsOf(session, now),
    incidents: incidentsOf(session),
    olderCalls: countOlder(session.older),
    refusals: { total, codes },
    agentState: agentStateOf(session),
    agentLostAt: orNull(agent.lostAt),
    usage,
    money: moneyOf(session, now),
    reports: REPORTS.filter((name) => governance?.onReport[name]),
    tally: session.reporting === 'none' ? null : session.tally,
    used: {
      calls: counts.calls,
      bytes: counts.bytes,
      maxCalls: governance?.session.maxCalls ?? null,
      maxBytes: governance?.session.maxBytes ?? null,
    },
  };
}

function approvalOf(approval: Approval): readonly ApprovalView[] {
  const { openedAt, expiresAt, votes, proven, kind, subject, ...rest } = approval;
  if (kind === 'review' || subject.kind === 'review') return [];
  const view = {
    ...rest,
    kind,
    subject,
    standing: standingOf(proven),
    openedAt: iso(openedAt),
    expiresAt: iso(expiresAt),
    votes: votes.map(({ actor, person, proven: isProven, reason, at }) => {
      const standing = isProven ? ('proven' as const) : ('claimed' as const);
      return { actor, person, standing, reason, at: iso(at) };
    }),
  };
  return [view];
}

/**
 * A view that an answer in history can carry: it leaves out what servers ask.
 *
 * @param most calls that ended, the last ones, and as many open ones, the first
 */
export function shortViewOf(session: Session, runs: number, most: number, now: number): SessionView {
  const ended = session.ended.slice(-most);
  const view = viewOf({ ...session, ended, open: session.open.slice(0, most) }, runs, now);
  const openCalls = view.openCalls.map((call) => ({ ...call, asks: null }));
  const money = moneyOf(session, now);
  const incidents = view.incidents.slice(0, most / 5);
  return { ...view, money, incidents, openCalls, olderCalls: view.olderCalls + session.ended.length - ended.length };
}

/** Of the rollback under way. */
export function rollbackOf({ state, rollback }: Session): SessionView['rollback'] {
  if (state.name !== 'ROLLBACK') return null;
  const { undone, remaining, next, floor } = rollback ?? { undone: 0, remaining: 0, next: 0, floor: 0 };
  return { to: state.to, undone, remaining, left: Math.max(0, next - floor) };
}

const orNull = (instant: number | null): string | null => (instant === null ? null : iso(instant));

type Summed = Pick<CallRequest, 'callId' | 'server' | 'tool' | 'method'> & {
  readonly attempts: number;
  readonly actor: string;
};
const summaryOf = ({ callId, server, tool, method, attempts, actor }: Summed) => ({
  callId,
  server,
  tool,
  attempts,
  actor,
  ...(method === undefined ? {} : { method }),
});

const callsOf = ({ ended, open }: Session): SessionView['calls'] => [
  ...ended.map(({ undone, ...call }) => ({
    ...summaryOf(call),
    outcome: call.outcome,
    ...(call.at === undefined ? {} : { endedAt: iso(call.at) }),
    ...(call.answer?.error ? { code: call.answer.error.code } : {}),
    ...(undone ? { undone } : {}),
  })),
  ...open.map((call) => ({ ...summaryOf(call), outcome: call.phase === 'in_doubt' ? ('in_doubt' as const) : null })),
];

const serversOf = (session: Session): SessionView['servers'] =>
  Object.entries(session.servers).map(([name, { protocolVersion, tools, leftOut }]) => ({
    name,
    protocolVersion,
    tools: Object.keys(tools).length,
    ...(leftOut === undefined ? {} : { leftOut }),
    ...heldOf(bindingOf(session, name)),
  }));

const heldOf = (binding: Binding | undefined) =>
  binding ? { held: { worker: binding.phase === 'held' ? binding.worker : null, generation: binding.generation } } : {};

function agentStateOf({ agentState }: Session): SessionView['agentState'] {
  if (agentState === null) return null;
  const bytes = 'ref' in agentState ? agentState.ref.bytes : byteLength(JSON.stringify(agentState.value));
  const { at, actor, proof } = agentState;
  return { bytes, at: iso(at), actor, standing: standingOf(proof) };
}

/** Who started it, and why; null where nobody said. */
export function startedByOf({ startedBy }: Session): StartedBy | null {
  if (!startedBy) return null;
  const { actor, reason, proven } = startedBy;
  return { actor, reason, standing: standingOf(proven), ...(proven ? { proof: proven } : {}) };
}
