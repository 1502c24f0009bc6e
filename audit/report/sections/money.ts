import { DELAYS } from '../../../protocol/money/delays.ts';
import { LAYERS } from '../../../protocol/records.ts';
import { all, counting, type Fact, figure, grouped, type Known, msOf, ofKind, wholeOf } from '../facts.ts';
import type { Figure, Plot, Row, Section } from '../model.ts';
import { limitIn } from '../money/account.ts';
import { basisOf, delaysOf, layersCost, spendingOf, type Spending, sumOf, totalOf } from '../money/spent.ts';

const usd = (amount: number, facts: readonly Fact[]): Figure => figure(amount, 'usd', facts);

/** What sessions cost, by part. */
export function spent(known: readonly Known[]): Section {
  const spending = spendingOf(known);
  const charged = (of: 'call' | 'recorded'): Row['figures'] => {
    const those = spending.flatMap(({ charges }) => charges).filter((charge) => charge.of === of);
    return [
      usd(
        sumOf(those),
        those.flatMap(({ facts }) => facts),
      ),
    ];
  };
  const layer = (name: (typeof LAYERS)[number]): Row => ({
    name: `${name} layer`,
    figures: [
      usd(
        spending.reduce((sum, { terms, clock }) => sum + layersCost(terms.rates, clock.spans, [name]), 0),
        spending.flatMap(({ terms, clock }) => [terms.fact, ...clock.facts]),
      ),
    ],
  });
  const total = spending.reduce((sum, each) => sum + totalOf(each), 0);
  return {
    id: 'spent',
    title: 'Spent',
    note:
      'Calls by their intents, their outcomes and the prices that the session pinned; layers by its rates and the ' +
      'instants of its records. Sessions without prices cost nothing.',
    columns: ['Part', 'Spent'],
    rows: [
      { name: 'calls', figures: charged('call') },
      { name: 'recorded by agents', figures: charged('recorded') },
      ...LAYERS.map(layer),
      { name: 'total', figures: [usd(total, spending.flatMap(basisOf))] },
    ],
    plot: { as: 'steps', steps: thinned(stepsOf(spending)) },
  };
}

type Step = Extract<Plot, { as: 'steps' }>['steps'][number];

/** What was spent by then, at each instant at which something was charged or a layer began or ended. */
function stepsOf(spending: readonly Spending[]): readonly Step[] {
  const rises = spending.flatMap(({ charges, clock, terms }) => [
    ...charges.map(({ facts, cost }) => ({ at: msOf(facts.at(-1)!), cost })),
    ...clock.spans.map((span) => ({ at: span.to, cost: layersCost(terms.rates, [span]) })),
    ...clock.spans.slice(0, 1).map(({ from }) => ({ at: from, cost: 0 })),
  ]);
  let value = 0;
  return rises
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at)
    .map(({ at, cost }) => ({ at: new Date(at).toISOString(), value: (value += cost) }));
}

/** So many are drawn; of those between, the last of each is kept. */
const MOST_STEPS = 400;

const thinned = (steps: readonly Step[]): readonly Step[] => {
  const each = Math.ceil(steps.length / MOST_STEPS);
  return steps.filter((_, index) => index === 0 || index % each === 0 || index === steps.length - 1);
};

/** What calls cost, by tool, and what agents recorded, by model. */
export function byName(known: readonly Known[]): Section {
  const charges = spendingOf(known).flatMap((each) => each.charges);
  const names = [...grouped(charges, ({ of, name }) => (of === 'call' ? name : `model ${name}`))];
  return {
    id: 'by-name',
    title: 'Cost by tool and model',
    note: 'Attempts that were charged, the dearest first.',
    columns: ['Tool or model', 'Times', 'Cost', 'Beyond its limits'],
    rows: names
      .map(([name, those]): Row => {
        const facts = those.flatMap((each) => each.facts);
        return {
          name,
          figures: [figure(those.length, 'count', facts), usd(sumOf(those), facts), usd(sumOf(those, 'excess'), facts)],
        };
      })
      .sort((a, b) => Number(b.figures[1]?.value) - Number(a.figures[1]?.value)),
  };
}

/** Limits, and what people added to them. */
export function budgets(known: readonly Known[]): Section {
  return {
    id: 'budgets',
    title: 'Budgets',
    note: 'Of each session with prices. The limit is that of its profile as it was accepted last.',
    columns: ['Session', 'Limit', 'Topped up', 'Alerts', 'Times that it did not suffice'],
    rows: known.map((each) => {
      const limit = limitIn(each);
      const more = ofKind(each.facts, 'topped-up');
      const sum = more.reduce((total, { record }) => total + wholeOf(record.data.microUsd), 0);
      return {
        name: each.session,
        figures: [
          figure(limit?.limit ?? null, 'usd', limit ? [limit.fact] : []),
          usd(sum, more),
          counting(ofKind(each.facts, 'cost-alert')),
          counting(ofKind(each.facts, 'budget')),
        ],
      };
    }),
  };
}

/** What delays cost, measured, beside what the model of the profile says. */
export function delays(known: readonly Known[]): Section {
  const spending = spendingOf(known);
  const sums = spending.map(delaysOf);
  return {
    id: 'delays',
    title: 'What delays cost',
    note:
      'Measured: what the layers cost while the session waited, what checks and repeated or undone calls cost, and ' +
      'the time of persons at the rate of the profile, which is no money of the session. Modelled: so many per cent ' +
      'of what the session cost without delays, for each.',
    columns: ['Delay', 'Times', 'Waited', 'Waiting', 'Checks', 'Calls', 'People', 'Measured', 'Modelled'],
    rows: DELAYS.map((cause): Row => {
      const those = sums.map((each) => each[cause]);
      const facts = those.flatMap((each) => each.facts);
      const sum = (what: 'times' | 'ms' | 'waiting' | 'checks' | 'calls' | 'people' | 'modelled'): number =>
        those.reduce((total, each) => total + each[what], 0);
      const measured = sum('waiting') + sum('checks') + sum('calls') + sum('people');
      const basis = [...spending.flatMap(basisOf), ...sums.flatMap((each) => DELAYS.flatMap((of) => each[of].delays))];
      return {
        name: cause,
        figures: [
          figure(
            sum('times'),
            'count',
            those.flatMap((each) => each.delays),
          ),
          figure(sum('ms'), 'ms', facts),
          ...[sum('waiting'), sum('checks'), sum('calls'), sum('people'), measured].map((amount) => usd(amount, facts)),
          usd(sum('modelled'), basis),
        ],
      };
    }),
  };
}

/** Alerts and refusals for money, as they were said. */
export const alerts = (known: readonly Known[]): Section => ({
  id: 'alerts',
  title: 'Alerts',
  note: 'What was said of money while the sessions ran.',
  columns: ['Kind', 'Session', 'At', 'Said'],
  rows: ofKind(all(known), 'cost-alert', 'budget').map((fact) => ({
    name: fact.record.kind,
    figures: [
      figure(fact.session, 'text', [fact]),
      figure(fact.record.at, 'instant', [fact]),
      figure(String(fact.record.data.text).slice(0, 500).toWellFormed(), 'text', [fact]),
    ],
  })),
});
