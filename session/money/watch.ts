import { usdText } from '../../protocol/money/usd.ts';
import { pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';
import type { Due } from '../time/due.ts';
import { shareOf, thresholdsOf } from './alerts.ts';
import { limitOf, totalOf } from './balance.ts';
import { watchDelays } from './delays/watch.ts';
import { instantOf, layersAtWork } from './layers.ts';
import type { Account } from './state.ts';

/** What money means for a session by itself: layers that begin and end to cost, alerts, a budget that is spent. */
export function watchMoney(session: Session, now: number): readonly Event[] {
  const { account } = session;
  if (!account) return [];
  const layers = layersAtWork(session);
  if (layers.join() !== account.at.join()) return [{ type: 'layersChanged', at: now, layers }];
  const delayed = watchDelays(session, now);
  if (delayed.length > 0) return delayed;
  if (isEnded(session.state)) return [];
  const due = alerts(session, account, now);
  return due.length > 0 ? due : spent(session, account, now);
}

/** The next alert; those after it come in the same turn. */
function alerts(session: Session, account: Account, now: number): readonly Event[] {
  const { governance, state } = session;
  const limit = limitOf(account);
  if (!governance || limit === null) return [];
  const total = totalOf(account, now);
  const thresholds = thresholdsOf(governance);
  const percent = thresholds.find((each) => each > account.alerted && total >= shareOf(limit, each));
  if (percent === undefined) return [];
  const { scaleDown, audit, notify, pause } = governance.onCostAlert;
  const halved = scaleDown ? thresholds.indexOf(percent) + 1 : account.halved;
  const text = `${usdText(total)} are spent, ${percent} % or more of the budget of ${usdText(limit)}`;
  return [
    { type: 'costAlerted', percent, halved, text, isNoted: audit },
    ...(notify ? [{ type: 'noted', kind: 'notify', text } as const] : []),
    ...(pause && state.name === 'RUNNING' ? [pauseItself(state, 'budget', text, now)] : []),
  ];
}

/** What layers and agents have spent already can only be counted; what follows can be stopped. */
function spent({ state }: Session, account: Account, now: number): readonly Event[] {
  const limit = limitOf(account);
  const total = totalOf(account, now);
  if (state.name !== 'RUNNING' || limit === null || total <= limit) return [];
  const text = `${usdText(total)} are spent, and the budget is ${usdText(limit)}`;
  return [
    { type: 'noted', kind: 'budget', text },
    { type: 'moneyShort', short: { callId: null, missing: total - limit } },
    pauseItself(state, 'budget', text, now),
  ];
}

/** When the layers alone will have spent so much that something is due. */
export function moneyInstants(session: Session): readonly Due[] {
  const { account, governance, state } = session;
  const limit = account && limitOf(account);
  if (!account || !governance || limit === null || isEnded(state)) return [];
  const when = (total: number, what: string): Due => ({
    at: instantOf(account, total - account.calls - account.recorded),
    what,
    comesNearer: true,
  });
  const next = thresholdsOf(governance).find((percent) => percent > account.alerted);
  return [
    ...(next === undefined ? [] : [when(shareOf(limit, next), 'cost alert')]),
    ...(state.name === 'RUNNING' ? [when(limit + 1, 'end of the budget')] : []),
  ];
}
