import type { DelayCause } from '../../../protocol/money/delays.ts';
import type { Event } from '../../events.ts';
import { accrued, accruedBy } from '../layers.ts';
import type { Account } from '../state.ts';
import type { Delay, Delays } from './state.ts';

/** What delays cost, after an event; undefined where it is none of them. */
export function foldDelays(account: Account, event: Event): Pick<Account, 'delays'> | undefined {
  const { delays } = account;
  const delayed = delays && delaysAfter(delays, account, event);
  return delayed ? { delays: delayed } : undefined;
}

function delaysAfter(delays: Delays, account: Account, event: Event): Delays | undefined {
  switch (event.type) {
    case 'deadlineReached':
      return more(delays, 'timeout', { times: 1 });
    case 'restarted':
    case 'agentLost':
      return more(delays, 'restart', { times: 1 });
    case 'rollbackBegun':
      return more(delays, 'rollback', { times: 1 });
    case 'delayChanged': {
      const { cause, isCheck, at } = event;
      const under = cause && { cause, isCheck, since: at, accrued: costOf(account, isCheck, at) };
      return { ...delaysUntil(delays, account, at), under };
    }
    case 'charged':
      if (event.delay === undefined) return undefined;
      return more(delays, event.delay, { calls: event.cost });
    case 'undone':
      return event.cost === undefined ? undefined : more(delays, 'rollback', { calls: event.cost });
    default:
      return undefined;
  }
}

/** With what the delay under way has come to until now. */
export function delaysUntil(delays: Delays, account: Account, now: number): Delays {
  const { under } = delays;
  if (!under) return delays;
  const { cause, isCheck, since, accrued: before } = under;
  const cost = costOf(account, isCheck, now) - before;
  return more(delays, cause, isCheck ? { checks: cost } : { ms: Math.max(0, now - since), waiting: cost });
}

/** What the layers that count have cost until now. */
const costOf = (account: Account, isCheck: boolean, now: number): number =>
  isCheck ? accruedBy(account, 'compliance', now) : accrued(account, now);

function more(
  delays: Delays,
  cause: DelayCause,
  { times = 0, ms = 0, waiting = 0, checks = 0, calls = 0 }: Partial<Delay>,
): Delays {
  const sum = delays.sums[cause];
  const next = {
    times: sum.times + times,
    ms: sum.ms + ms,
    waiting: sum.waiting + waiting,
    checks: sum.checks + checks,
    calls: sum.calls + calls,
  };
  return { ...delays, sums: { ...delays.sums, [cause]: next } };
}
