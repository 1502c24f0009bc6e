import type { SessionCost } from '../../client/index.ts';
import { type DelayCause, DELAYS, type DelayView } from '../../protocol/money/delays.ts';
import { formatUsd } from '../../protocol/money/usd.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import { table } from '../render/table.ts';

/** What delays of each cause cost some sessions together; sessions that do not count them are left out. */
export function delaysOf(sessions: readonly SessionCost[]): Record<DelayCause, DelayView> {
  const counted = sessions.flatMap(({ money }) => money?.delays ?? []);
  const sumOf = (cause: DelayCause): DelayView => counted.reduce((sum, delays) => added(sum, delays[cause]), NO_DELAY);
  return { timeout: sumOf('timeout'), restart: sumOf('restart'), rollback: sumOf('rollback') };
}

const NO_DELAY: DelayView = { times: 0, ms: 0, waiting: 0, checks: 0, calls: 0, people: 0, modelled: 0 };

const added = (a: DelayView, b: DelayView): DelayView => ({
  times: a.times + b.times,
  ms: a.ms + b.ms,
  waiting: a.waiting + b.waiting,
  checks: a.checks + b.checks,
  calls: a.calls + b.calls,
  people: a.people + b.people,
  modelled: a.modelled + b.modelled,
});

/** What they cost, measured, beside what the model of the profiles says. USD. */
export function showDelays(delays: { readonly [cause in DelayCause]: DelayView }, indent = ''): string {
  const heading = ['DELAY', 'TIMES', 'WAITED', 'WAITING', 'CHECKS', 'CALLS', 'PEOPLE', 'MEASURED', 'MODELLED'];
  const rows = DELAYS.map((cause) => {
    const { times, ms, waiting, checks, calls, people, modelled } = delays[cause];
    const amounts = [waiting, checks, calls, people, waiting + checks + calls + people, modelled];
    return [cause, String(times), formatDuration(Math.round(ms / 1000) * 1000), ...amounts.map(formatUsd)];
  });
  return table(heading, rows, indent);
}
