import { nameOf } from '../call.ts';
import type { Event } from '../events.ts';
import { countOlder } from '../olderIds.ts';
import type { Session } from '../session.ts';
import { hasRunning } from '../session.ts';
import type { Paused } from '../state.ts';
import { isEnded } from '../state.ts';
import { refuseQueued } from './attempts.ts';
import { CUSTODY, move } from './types.ts';

/** Moves AUDIT and ROLLBACK on, once nothing is under way; what still waits in a session that ended is refused. */
export function settle(session: Session, now: number): readonly Event[] {
  if (session.state.name === 'AUDIT') return audit(session, now);
  if (session.state.name === 'ROLLBACK') return rollBack(session, now);
  if (isEnded(session.state)) return refuseQueued(session, now);
  return [];
}

/** The check: every call has its outcome. A call in doubt keeps the session in AUDIT until it is resolved (P4, A3). */
function audit(session: Session, now: number): readonly Event[] {
  const { state, duties, governance } = session;
  if (state.name !== 'AUDIT') return [];
  const ends = state.then.name !== 'RUNNING';
  if (ends && session.open.some((call) => call.phase === 'queued')) return refuseQueued(session, now);
  const inDoubt = session.open.filter((call) => call.phase === 'in_doubt');
  if (hasRunning(session) || (inDoubt.length > 0 && governance?.session.complianceCheck !== false)) return [];
  const checked: Event = { type: 'checked', duties, over24h: duties.some(({ kind }) => kind === 'over-24h') };
  const found = inDoubt.length > 0 ? `${inDoubt.length === 1 ? '1 call stays' : `${inDoubt.length} calls stay`} in doubt` : 'every call has its outcome';
  return [checked, move(state, state.then, CUSTODY, state.then.name === 'RUNNING' ? found : `${state.then.reason} (${found})`)];
}

/** No compensation can be declared yet, so each side effect is named as what remains (L7). */
function rollBack(session: Session, now: number): readonly Event[] {
  const { state } = session;
  if (state.name !== 'ROLLBACK' || hasRunning(session)) return [];
  const happened = session.ended.filter((call) => call.effect !== 'read-only' && (call.outcome === 'succeeded' || call.outcome === 'tool_error'));
  const inDoubt = session.open.filter((call) => call.sent && call.effect !== 'read-only');
  const olderCalls = countOlder(session.older);
  const older = olderCalls > 0 ? [`up to ${olderCalls} older calls`] : [];
  const remaining = [...[...happened, ...inDoubt].map((call) => `${nameOf(call)} (${call.callId})`).reverse(), ...older];
  const rolledBack: Event[] = [{ type: 'rollbackEnded', remaining }];
  if (!session.duties.some(({ kind }) => kind === 'rollback')) rolledBack.push({ type: 'dutyOpened', duty: { kind: 'rollback', since: now } });
  if (remaining.length === 0) {
    const reason = `rolled back to the start by ${state.by}: ${state.reason}`;
    return [...rolledBack, move(state, { name: 'AUDIT', then: { name: 'FAILED', code: 'ROLLED_BACK', reason } }, CUSTODY, 'nothing is left to undo')];
  }
  const shown = remaining.slice(0, 10).join(', ') + (remaining.length > 10 ? ` and ${remaining.length - 10} more` : '');
  const paused: Paused = { name: 'PAUSED', cause: 'incident', reason: `rollback: no compensation is declared for ${shown}`, by: CUSTODY, since: now };
  return [...rolledBack, move(state, paused, CUSTODY, paused.reason)];
}
