import type { DelayCause } from '../../../protocol/money/delays.ts';
import type { Event } from '../../events.ts';
import { accrued } from '../layers.ts';
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
      const { cause, at } = event;
      return {
        ...delaysUntil(delays, account, at),
        under: cause && { cause, since: at, accrued: accrued(account, at) },
      };
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
  const { cause, since, accrued: before } = under;
  return more(delays, cause, { ms: Math.max(0, now - since), waiting: accrued(account, now) - before });
}

function more(
  delays: Delays,
  cause: DelayCause,
  { times = 0, ms = 0, waiting = 0, calls = 0 }: Partial<Delay>,
): Delays {
  const sum = delays.sums[cause];
  const next = {
    times: sum.times + times,
    ms: sum.ms + ms,
    waiting: sum.waiting + waiting,
    calls: sum.calls + calls,
  };
  return { ...delays, sums: { ...delays.sums, [cause]: next } };
}
