import { nameOf } from '../../protocol/calls/call.ts';
import { lossAt } from '../agents/life.ts';
import { mayStart, serversUndoing } from '../calls/attempts/dispatch.ts';
import { isRunning, type QueuedCall } from '../calls/state.ts';
import { budgetInstants } from '../budgets/watch.ts';
import { payable } from '../budgets/payable.ts';
import { callsAtOnce } from '../money/afford.ts';
import { reservationOf } from '../money/reserve.ts';
import { moneyInstants } from '../money/watch.ts';
import { reviewInstants } from '../reviews/instants.ts';
import type { Session } from '../session.ts';
import type { Due } from './due.ts';

/** Does time stand still for the deadline? */
export const isSuspended = ({ state, clock, governance }: Session): boolean =>
  state.name === 'PAUSED' && governance?.session.pausedTimeCounts === false && clock.graceUntil === null;

/** Is the session in a state in which its deadline counts? */
export const isTimed = (session: Session): boolean => {
  const { state } = session;
  const checksOnly = state.name === 'AUDIT' && state.then.name === 'RUNNING';
  return !isSuspended(session) && (state.name === 'RUNNING' || state.name === 'PAUSED' || checksOnly);
};

/** When the session times out for want of calls. */
export const idleAt = ({ state, clock, governance, open }: Session): number =>
  state.name === 'RUNNING' && governance && governance.session.idleTimeout !== null && open.length === 0
    ? clock.lastCallAt + governance.session.idleTimeout
    : Infinity;

/** The next instant at which something is due by the clock alone; undefined when nothing is. */
export const nextInstant = (session: Session): Due | undefined =>
  [
    ...deadlines(session),
    ...retries(session),
    ...waits(session),
    ...expiries(session),
    ...moneyInstants(session),
    ...reviewInstants(session),
    ...budgetInstants(session),
  ]
    .filter(({ at }) => at < Infinity)
    .reduce<Due | undefined>((first, due) => (first && first.at <= due.at ? first : due), undefined);

function deadlines(session: Session): readonly Due[] {
  const { clock, governance } = session;
  if (!governance || !isTimed(session)) return [];
  if (clock.graceUntil !== null) return [{ at: clock.graceUntil, what: 'end of grace period' }];
  const warning = { at: clock.deadlineAt - governance.session.warning, what: 'warning before the deadline' };
  return [
    { at: clock.deadlineAt, what: 'deadline' },
    { at: idleAt(session), what: 'idle timeout' },
    { at: lossAt(session), what: 'heartbeat of the agent' },
    ...(clock.warned ? [] : [warning]),
  ];
}

/** Where no call can start, the end of one that runs is what wakes the session. */
function retries(session: Session): readonly Due[] {
  const { open } = session;
  if (!open.some((call) => call.phase === 'queued' && call.retryAt > 0)) return [];
  if (open.filter(isRunning).length >= callsAtOnce(session)) return [];
  const undoing = serversUndoing(session);
  return open.flatMap((call) =>
    mayStart(session, call, undoing) && call.retryAt > 0 && !waitsForMoney(session, call, undoing)
      ? [{ at: call.retryAt, what: `retry of ${nameOf(call)}` }]
      : [],
  );
}

/** Will calls under way have to give money back first, to it or to one before it? Their end wakes the session then. */
function waitsForMoney(session: Session, call: QueuedCall, undoing: ReadonlySet<string>): boolean {
  const { open, budgets } = session;
  if (!open.some((each) => isRunning(each) && each.reserved) && !budgets.some(({ asking }) => asking)) return false;
  const { retryAt } = call;
  return open
    .slice(0, open.indexOf(call) + 1)
    .some(
      (each) =>
        mayStart(session, each, undoing) &&
        each.retryAt <= retryAt &&
        payable(session, each, reservationOf(session, each), retryAt) === 'wait',
    );
}

const expiries = ({ approvals }: Session): readonly Due[] =>
  approvals
    .filter(({ kind }) => kind !== 'review')
    .map(({ id, expiresAt }) => ({ at: expiresAt, what: `end of approval ${id}` }));

function waits({ state, plan }: Session): readonly Due[] {
  if (state.name !== 'RUNNING' || !plan) return [];
  return Object.entries(plan.waits).flatMap(([member, at]) =>
    plan.done.includes(Number(member)) ? [] : [{ at, what: 'wait of the plan' }],
  );
}
