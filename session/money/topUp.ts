import { MAX_MICRO_USD, usdText } from '../../protocol/money/usd.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, move, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import { commanded } from '../lifecycle/commanded.ts';
import { leavePause } from '../lifecycle/leavePause.ts';
import type { Session } from '../session.ts';
import { shareOf, thresholdsOf } from './alerts.ts';
import { limitOf, totalOf } from './balance.ts';
import type { Account } from './state.ts';

/** Adds money to the budget of a session; one that waits for it goes on by itself, where its profile says so. */
export function topUp(session: Session, command: CommandOf<'topUp'>, now: number): Decision {
  const { account, state, governance, clock } = session;
  const { by, microUsd } = command;
  const before = account && limitOf(account);
  if (!account || !governance || before === null)
    return refuse('NO_BUDGET', 'The session has no limit that money could be added to.');
  const limit = before + microUsd;
  if (limit > MAX_MICRO_USD)
    return refuse('MALFORMED_COMMAND', `The budget would be more than ${usdText(MAX_MICRO_USD)}.`);
  const { short: wants } = account;
  const short = wants && wants.missing > microUsd ? { ...wants, missing: wants.missing - microUsd } : null;
  const events: readonly Event[] = [
    commanded(command),
    { type: 'toppedUp', microUsd, limit, short, by, ...alertsOf(session, account, limit, now) },
  ];
  const goesOn = wants && !short && state.name === 'PAUSED' && state.cause === 'budget' && clock.graceUntil === null;
  if (!goesOn || !governance.session.autoResume) return accept(...events);
  const why = `topped up by ${usdText(microUsd)}: ${by.reason}`;
  const resuming = { name: 'RESUMING', paused: state, acceptChanges: false } as const;
  return accept(...events, ...leavePause(session, now), move(state, resuming, by.actor, why));
}

/** Thresholds that the new limit puts off are passed anew; calls at once are raised again where `autoScale` says so. */
function alertsOf({ governance }: Session, account: Account, limit: number, now: number) {
  if (!governance) return { alerted: account.alerted, halved: account.halved };
  const total = totalOf(account, now);
  const passed = thresholdsOf(governance).filter(
    (percent) => percent <= account.alerted && total >= shareOf(limit, percent),
  );
  const { autoScale } = governance.cost;
  const halved = autoScale ? Math.min(account.halved, passed.length) : account.halved;
  return { alerted: passed.at(-1) ?? 0, halved };
}
