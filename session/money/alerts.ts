import type { Governance } from '../../protocol/governance.ts';

/** Where `cost.costAlert` is but switched on: per cent of the limit. */
const THRESHOLDS = [50, 80, 100] as const;

/** At which shares of the limit alerts are given, ascending, in per cent. */
export function thresholdsOf({ cost: { costAlert } }: Pick<Governance, 'cost'>): readonly number[] {
  if (typeof costAlert !== 'boolean') return costAlert;
  return costAlert ? THRESHOLDS : [];
}

/** The least amount that is so many per cent of the limit; exact, as the product could be too large. */
export const shareOf = (limit: number, percent: number): number =>
  Math.floor(limit / 100) * percent + Math.ceil(((limit % 100) * percent) / 100);

/** Calls at once after so many halvings of what the profile allows. */
export const halvedBy = (concurrency: number, times: number): number =>
  Math.max(1, Math.floor(concurrency / 2 ** times));
