import { DELAYS, type DelayCause } from '../../../protocol/money/delays.ts';
import { LAYERS, type Layer } from '../../../protocol/records.ts';
import { type Fact, type Known, ofKind } from '../facts.ts';
import { type Terms, termsOf } from './account.ts';
import { type Charge, chargesOf } from './charges.ts';
import { type Clock, clockOf, type Span } from './clock.ts';

const HOUR = 3_600_000n;

/** What a session cost, from its records alone. Amounts are integer micro-USD. */
export interface Spending {
  readonly known: Known;
  readonly terms: Terms;
  readonly charges: readonly Charge[];
  readonly clock: Clock;
}

/** Sessions that have prices. */
export const spendingOf = (known: readonly Known[]): readonly Spending[] =>
  known.flatMap((each) => {
    const terms = termsOf(each);
    return terms ? [{ known: each, terms, charges: chargesOf(each, terms), clock: clockOf(each) }] : [];
  });

/** Sums are of safe integers: records hold amounts up to 10^15, and a session some thousands. */
export const sumOf = (charges: readonly Charge[], what: 'cost' | 'excess' = 'cost'): number =>
  charges.reduce((sum, charge) => sum + charge[what], 0);

/** What layers cost in some spans, in one sum rounded down. */
export function layersCost(rates: Terms['rates'], spans: readonly Span[], of: readonly Layer[] = LAYERS): number {
  let work = 0n;
  for (const { from, to, layers } of spans)
    for (const layer of layers) if (of.includes(layer)) work += BigInt(rates[layer]) * BigInt(to - from);
  return Number(work / HOUR);
}

/** All that a session cost: calls, what agents recorded, and the layers. */
export const totalOf = ({ charges, clock, terms }: Spending): number =>
  sumOf(charges) + layersCost(terms.rates, clock.spans);

/** The records that the whole cost follows from. */
export const basisOf = ({ charges, clock, terms }: Spending): readonly Fact[] => [
  terms.fact,
  ...clock.facts,
  ...charges.flatMap(({ facts }) => facts),
];

/** What delays of one cause came to. */
export interface DelaySum {
  readonly times: number;
  readonly ms: number;
  readonly waiting: number;
  readonly checks: number;
  readonly calls: number;
  readonly people: number;
  readonly modelled: number;
  /** Of what is measured; `modelled` rests on all that the session cost. */
  readonly facts: readonly Fact[];
  /** Of `times`: sessions without prices are not counted. */
  readonly delays: readonly Fact[];
}

const COUNTED = { timeout: 'deadline', restart: 'restart', rollback: 'rollback-begun' } as const;

/** What each kind of delay cost a session, measured, and by the model of its profile. */
export function delaysOf(spending: Spending): { readonly [cause in DelayCause]: DelaySum } {
  const measured = DELAYS.map((cause) => measuredOf(spending, cause));
  const delayed = measured.reduce((sum, { waiting, checks, calls }) => sum + waiting + checks + calls, 0);
  const undelayed = Math.max(0, totalOf(spending) - delayed);
  const sums = measured.map((each, index) => {
    const percent = spending.terms.model[DELAYS[index]!] * each.times;
    return [DELAYS[index], { ...each, modelled: Number((BigInt(undelayed) * BigInt(percent)) / 100n) }];
  });
  return Object.fromEntries(sums) as { [cause in DelayCause]: DelaySum };
}

function measuredOf({ known, terms, charges, clock }: Spending, cause: DelayCause): Omit<DelaySum, 'modelled'> {
  const { rates, personRate, fact } = terms;
  const delays = ofKind(known.facts, COUNTED[cause]);
  const waited = clock.spans.filter(({ waits }) => waits === cause);
  const checked = clock.spans.filter(({ checks }) => checks === cause);
  const ms = waited.reduce((sum, { from, to }) => sum + to - from, 0);
  const own = charges.filter(({ delay }) => delay === cause);
  const undone = new Set(own.map(({ undid }) => undid));
  const lost = charges.filter(({ call, delay }) => delay !== 'rollback' && call !== null && undone.has(call));
  const paid = [...own, ...lost];
  return {
    times: delays.length,
    ms,
    waiting: layersCost(rates, waited),
    checks: layersCost(rates, checked, ['compliance']),
    calls: sumOf(paid),
    people: cause === 'rollback' ? 0 : Number((BigInt(personRate) * BigInt(ms)) / HOUR),
    facts: [fact, ...clock.facts, ...paid.flatMap(({ facts }) => facts)],
    delays: [fact, ...delays],
  };
}
