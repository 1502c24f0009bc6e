import { formatDuration } from '../../protocol/values/duration.ts';
import type { Decision } from '../decision.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import { obeyOnRestart } from '../servers/workers.ts';
import type { Session } from '../session.ts';

/** Whatever an agent sends, a refused call too, says that it is there. */
export function withSign(
  { governance, agent, state }: Session,
  decision: Decision,
  actor: string,
  now: number,
): Decision {
  if (!governance?.session.agentHeartbeat || isEnded(state)) return decision;
  const sign: Event =
    agent.lostAt === null ? { type: 'agentSeen', at: now } : { type: 'agentBack', at: now, by: actor };
  return { ...decision, events: [sign, ...(decision.events ?? [])] };
}

/**
 * When the agent of a session is taken for lost unless it gives a sign; never while a plan drives the session, or a
 * call is queued, under way or awaiting input.
 */
export function lossAt({ state, clock, governance, open, plan, spec, agent }: Session): number {
  const silence = governance?.session.agentHeartbeat ?? null;
  if (silence === null || state.name !== 'RUNNING' || clock.graceUntil !== null || agent.lostAt !== null)
    return Infinity;
  const isDriven = plan !== null && plan.cursor < (spec.plan?.length ?? 0);
  if (isDriven || open.some(({ phase }) => phase !== 'in_doubt')) return Infinity;
  return Math.max(agent.seenAt ?? 0, clock.lastCallAt) + silence;
}

/** An agent that lost its heartbeat is a restart, counted once until it is back. */
export function agentLost(session: Session, now: number): readonly Event[] {
  if (lossAt(session) > now) return [];
  const silence = session.governance?.session.agentHeartbeat ?? 0;
  const text = `the agent gave no sign for ${formatDuration(silence)}`;
  return [{ type: 'agentLost', at: now, text }, ...obeyOnRestart(session, text, now)];
}
