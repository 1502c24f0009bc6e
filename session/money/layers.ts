import { ceilDiv, floorDiv } from '../../protocol/money/divide.ts';
import { LAYERS, type Layer } from '../../protocol/records.ts';
import { isEnded } from '../lifecycle/states.ts';
import { causesOf } from '../reviews/asked.ts';
import type { Session } from '../session.ts';
import type { Account } from './state.ts';

const HOUR = 3_600_000;

/**
 * The layers that are at work: session from the start to the end, execution while calls can run (RUNNING, RESUMING,
 * ROLLBACK), compliance while something is reviewed, or waits for it (AUDIT, an open review or duty).
 */
export function layersAtWork(session: Session): readonly Layer[] {
  const { state, duties } = session;
  if (isEnded(state)) return [];
  const executes = state.name === 'RUNNING' || state.name === 'RESUMING' || state.name === 'ROLLBACK';
  const checks = state.name === 'AUDIT' || duties.length > 0 || causesOf(session).length > 0;
  return LAYERS.filter((layer) => layer === 'session' || (layer === 'execution' ? executes : checks));
}

type Worked = Account['worked'];

/** Milliseconds that each layer was at work until now. */
export function workedUntil({ worked, since, at }: Account, now: number): Worked {
  const more = Math.max(0, now - since);
  const until = { ...worked };
  for (const layer of at) until[layer] += more;
  return until;
}

/** What the layers have cost until now; what is less than a millionth of a USD comes later. */
export function accrued(account: Account, now: number): number {
  const worked = workedUntil(account, now);
  const work = workOf(account, worked);
  return Number.isSafeInteger(work) ? floorDiv(work, HOUR) : Number(largeWorkOf(account, worked) / BigInt(HOUR));
}

/** Micro-USD an hour times milliseconds; exact where it is a safe integer. */
const workOf = ({ rates }: Account, { session, execution, compliance }: Worked): number =>
  rates.session * session + rates.execution * execution + rates.compliance * compliance;

const largeWorkOf = ({ rates }: Account, { session, execution, compliance }: Worked): bigint =>
  BigInt(rates.session) * BigInt(session) +
  BigInt(rates.execution) * BigInt(execution) +
  BigInt(rates.compliance) * BigInt(compliance);

/** What one layer has cost until now. Their sum may be some millionths less than `accrued`. */
export function accruedBy({ rates, ...account }: Account, layer: Layer, now: number): number {
  const alone = { session: 0, execution: 0, compliance: 0, [layer]: rates[layer] };
  return accrued({ ...account, rates: alone }, now);
}

/** Micro-USD an hour, as it is now. */
export function rateNow({ rates, at }: Account): number {
  let sum = 0;
  for (const layer of at) sum += rates[layer];
  return sum;
}

/** The first instant at which the layers have cost so much; `Infinity` where they never will. */
export function instantOf(account: Account, microUsd: number): number {
  const { since, worked } = account;
  const rate = rateNow(account);
  if (accrued(account, since) >= microUsd) return since;
  if (rate === 0) return Infinity;
  const hours = floorDiv(microUsd, rate);
  const rest = (microUsd - hours * rate) * HOUR;
  const work = workOf(account, worked);
  if (Number.isSafeInteger(rest) && Number.isSafeInteger(work) && rest >= work)
    return since + hours * HOUR + ceilDiv(rest - work, rate);
  const left = BigInt(microUsd) * BigInt(HOUR) - largeWorkOf(account, worked);
  const each = BigInt(rate);
  return since + Number((left + each - 1n) / each);
}
