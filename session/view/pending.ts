import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';

/** The commands of people that a session can wait for. */
export const PENDING = [
  'resolve',
  'respond',
  'approve',
  'review',
  'closeIncident',
  'extend',
  'topUp',
  'recover',
  'resume',
] as const;
export type Pending = (typeof PENDING)[number];

/** What somebody has to do for a session to go on; empty while it goes on by itself, and once it has ended. */
export function pendingOf({ state, open, approvals, clock, resetAt, account, incidents }: Session): readonly Pending[] {
  if (isEnded(state)) return [];
  const pending: Pending[] = [];
  if (open.some(({ phase }) => phase === 'in_doubt')) pending.push('resolve');
  if (open.some(({ phase }) => phase === 'awaiting_input')) pending.push('respond');
  if (approvals.some(({ kind }) => kind !== 'review')) pending.push('approve');
  if (approvals.some(({ kind }) => kind === 'review')) pending.push('review');
  if (incidents.length > 0) pending.push('closeIncident');
  if (state.name !== 'PAUSED') return pending;
  if (resetAt !== null) return [...pending, 'recover'];
  if (clock.graceUntil !== null) return [...pending, 'extend'];
  return [...pending, account?.short && state.cause === 'budget' ? 'topUp' : 'resume'];
}
