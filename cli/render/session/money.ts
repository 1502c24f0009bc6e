import type { MoneyView } from '../../../protocol/money/view.ts';
import { usdText } from '../../../protocol/money/usd.ts';
import { DELAYS } from '../../../protocol/money/delays.ts';
import { LAYERS } from '../../../protocol/records.ts';
import { formatDuration } from '../../../protocol/values/duration.ts';
import { printable } from '../../io/printable.ts';
import { distance } from '../time.ts';

/** What `custody show` says of money: what was spent, of which limit, on what, and how fast. */
export function moneyFacts(money: MoneyView | null): [string, string][] {
  if (!money) return [];
  const { limit, spent, reserved, free, overrun, parts, perHour, limitAt, ofParent, missing, shared = [] } = money;
  const total = spent + overrun;
  if (limit === null && total + reserved === 0) return [];
  const of = limit === null ? '' : ` of ${usdText(limit)}`;
  const rest = free === null ? '' : `, ${usdText(free)} free`;
  const beyond = overrun === 0 ? '' : `, ${usdText(overrun)} beyond the limit`;
  const layers = LAYERS.map((layer) => `${layer} ${usdText(parts[layer])}`).join(', ');
  const until = limitAt === null || missing ? '' : `; spent at that rate ${distance(limitAt)}`;
  return [
    ['cost', `${usdText(total)}${of} spent, ${usdText(reserved)} reserved${rest}${beyond}`],
    ['', `calls ${usdText(parts.calls)}, recorded ${usdText(parts.recorded)}, layers: ${layers}`],
    ['', `${usdText(perHour)} an hour${until}`],
    ...shared.map(({ budget, granted, used, missing: short }): [string, string] => [
      '',
      `shared budget ${printable(budget)}: ${usdText(used)} used of ${usdText(granted)} leased${
        short === null ? '' : `, ${usdText(short)} missing`
      }`,
    ]),
    ...(missing === null ? [] : [missingFact(missing)]),
    ...delayFacts(money),
    ...(ofParent === null ? [] : [['', `its parent had spent ${usdText(ofParent)}`] satisfies [string, string]]),
  ];
}

const missingFact = ({ callId, microUsd }: NonNullable<MoneyView['missing']>): [string, string] => [
  'missing',
  `${usdText(microUsd)}${callId === null ? ', the budget is spent' : ` for the call ${printable(callId)}`}`,
];

/** A line for each cause of which there was a delay. */
const delayFacts = ({ delays }: MoneyView): [string, string][] =>
  DELAYS.flatMap((cause) => {
    const delay = delays?.[cause];
    if (!delay || delay.times === 0) return [];
    const { times, ms, waiting, checks, calls, people } = delay;
    const waited = ms === 0 ? '' : `, ${formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000))} waited`;
    const persons = people === 0 ? '' : `; people ${usdText(people)}`;
    const costs = `cost ${usdText(waiting + checks + calls)}${persons}`;
    return [['delay', `${cause}, ${times === 1 ? 'once' : `${times} times`}${waited}: ${costs}`]];
  });
