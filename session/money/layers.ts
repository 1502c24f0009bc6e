import { LAYERS, type Layer } from '../../protocol/records.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';
import type { Account } from './state.ts';

const HOUR = 3_600_000n;

/**
 * The layers that are at work: session from the start to the end, execution while calls can run (RUNNING, RESUMING,
 * ROLLBACK), compliance while something is checked, or waits for it (AUDIT, an open duty).
 */
export function layersAtWork({ state, duties }: Session): readonly Layer[] {
  if (isEnded(state)) return [];
  const executes = state.name === 'RUNNING' || state.name === 'RESUMING' || state.name === 'ROLLBACK';
  const checks = state.name === 'AUDIT' || duties.length > 0;
  return LAYERS.filter((layer) => layer === 'session' || (layer === 'execution' ? executes : checks));
}

type Worked = Account['worked'];

/** Milliseconds that each layer was at work until now. */
export function workedUntil({ worked, since, at }: Account, now: number): Worked {
  const more = Math.max(0, now - since);
  return Object.fromEntries(LAYERS.map((layer) => [layer, worked[layer] + (at.includes(layer) ? more : 0)])) as Worked;
}

/** Micro-USD times milliseconds an hour. */
const workOf = ({ rates }: Account, worked: Worked): bigint =>
  LAYERS.reduce((sum, layer) => sum + BigInt(rates[layer]) * BigInt(worked[layer]), 0n);

/** What the layers have cost until now; what is less than a millionth of a USD comes later. */
export const accrued = (account: Account, now: number): number =>
  Number(workOf(account, workedUntil(account, now)) / HOUR);

/** What one layer has cost until now. Their sum may be some millionths less than `accrued`. */
export const accruedBy = (account: Account, layer: Layer, now: number): number =>
  Number((BigInt(account.rates[layer]) * BigInt(workedUntil(account, now)[layer])) / HOUR);

/** Micro-USD an hour, as it is now. */
export const rateNow = ({ rates, at }: Account): number => at.reduce((sum, layer) => sum + rates[layer], 0);

/** The first instant at which the layers have cost so much; `Infinity` where they never will. */
export function instantOf(account: Account, microUsd: number): number {
  const left = BigInt(microUsd) * HOUR - workOf(account, account.worked);
  if (left <= 0n) return account.since;
  const rate = BigInt(rateNow(account));
  return rate === 0n ? Infinity : account.since + Number((left + rate - 1n) / rate);
}
