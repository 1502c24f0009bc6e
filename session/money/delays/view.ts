import { type DelayCause, DELAYS, type DelayView } from '../../../protocol/money/delays.ts';
import type { Account } from '../state.ts';
import { delaysUntil } from './fold.ts';

const HOUR = 3_600_000;

/**
 * What delays came to until now; null in an account that began before they were counted.
 *
 * @param total micro-USD that the session has spent
 */
export function delaysOf(account: Account, total: number, now: number): Record<DelayCause, DelayView> | null {
  if (!account.delays) return null;
  const { sums, personRate, model } = delaysUntil(account.delays, account, now);
  const delayed = DELAYS.reduce((sum, cause) => sum + sums[cause].waiting + sums[cause].checks + sums[cause].calls, 0);
  const undelayed = Math.max(0, total - delayed);
  const view = (cause: DelayCause): DelayView => ({
    ...sums[cause],
    people: cause === 'rollback' ? 0 : share(personRate, sums[cause].ms, HOUR),
    modelled: share(undelayed, model[cause] * sums[cause].times, 100),
  });
  return { timeout: view('timeout'), restart: view('restart'), rollback: view('rollback') };
}

/** Of factors whose product may be no safe integer. */
const share = (amount: number, by: number, of: number): number => Number((BigInt(amount) * BigInt(by)) / BigInt(of));
