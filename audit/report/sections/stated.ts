import { RECORD_KINDS } from '../../../protocol/agent.ts';
import type { ReportName } from '../../../protocol/reports/names.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { standsOf } from '../calls.ts';
import { counting, type Fact, figure, grouped, type Known, ofKind, saying } from '../facts.ts';
import type { Figure, Row, Section } from '../model.ts';
import { basisOf, delaysOf, layersCost, spendingOf, sumOf, totalOf } from '../money/spent.ts';

/** Milliseconds by which the instant of a record may be later than that at which the session counted. */
const LATE = 1000;
const HOUR = 3_600_000;

/** A figure of the session's own report, made again. */
interface Again {
  readonly name: string;
  /** Where it stands in the figures of the report. */
  readonly path: readonly string[];
  readonly made: Figure;
  /** By so much they may differ where the clock counts. */
  readonly within?: number;
}

/** What sessions put on record as their own report when they ended, beside the same made again from their records. */
export function stated(known: readonly Known[], kind: ReportName): Section {
  const rows = known.flatMap((each) => rowsOf(each, kind));
  const isWrong = rows.some(({ figures }) => figures[2]?.value === 'no');
  return {
    id: 'stated',
    title: 'As the session itself reported',
    note:
      `What the session put on record at its end as its ${kind} report, and the same made again from its records` +
      (rows.length === 0
        ? '; none of these sessions did.'
        : '. Times may differ by a second for each change of state.'),
    columns: ['Figure', 'Stated', 'From records', 'Agrees'],
    rows,
    ...(isWrong ? { isAlarming: true } : {}),
  };
}

function rowsOf(known: Known, kind: ReportName): readonly Row[] {
  const report = ofKind(known.facts, 'report').findLast(({ record }) => record.data.of === kind);
  if (!report) return [];
  // What a session reports is what was on record by then.
  const before = {
    ...known,
    facts: known.facts.filter(({ record, place }) => place < report.place && record.kind !== 'report'),
  };
  return MADE[kind](before).map(({ name, path, made, within = 0 }) => {
    const said = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), report.record.data.figures);
    const value = typeof said === 'number' ? said : null;
    const agrees = Math.abs(Number(value ?? 0) - Number(made.value ?? 0)) <= within;
    // The row is there for the report, and says nothing without what it is held against.
    const both = [report, ...factsIn(before.facts, made)];
    return {
      name: `${known.session}: ${name}`,
      figures: [
        figure(value, made.unit, both),
        figure(made.value, made.unit, both),
        saying(agrees ? 'yes' : 'no', both),
      ],
    };
  });
}

function factsIn(facts: readonly Fact[], { records }: Figure): readonly Fact[] {
  const places = new Set(records.flatMap((each) => each.records));
  return facts.filter(({ place }) => places.has(place));
}

const MADE: { readonly [kind in ReportName]: (known: Known) => readonly Again[] } = {
  summary(known) {
    const { facts } = known;
    const stands = standsOf([known]);
    const calls = (['succeeded', 'tool_error', 'refused', 'failed', 'cancelled'] as const).map((as): Again => {
      const those = stands.filter((each) => each.as === as);
      const made = figure(
        those.length,
        'count',
        those.flatMap((each) => each.facts),
      );
      return { name: `calls ${as}`, path: ['calls', 'outcomes', as], made };
    });
    return [
      ...calls,
      { name: 'restarts', path: ['restarts'], made: counting(ofKind(facts, 'restart')) },
      { name: 'effects undone', path: ['effects', 'undone'], made: counting(ofKind(facts, 'undone')) },
    ];
  },
  audit: ({ facts }) =>
    [...grouped(facts, ({ record }) => (OWN.has(record.kind) ? null : `${record.layer} ${record.kind}`))].map(
      ([name, those]) => ({ name, path: ['layers', ...name.split(' '), 'times'], made: counting(those) }),
    ),
  compliance: ({ facts }) => [
    ...[
      ...grouped(facts, ({ record }) => (record.layer === 'compliance' && !OWN.has(record.kind) ? record.kind : null)),
    ].map(([kind, those]) => ({ name: kind, path: ['records', kind, 'times'], made: counting(those) })),
    {
      name: 'objections',
      path: ['objections'],
      made: counting(ofKind(facts, 'reviewed').filter(({ record }) => record.data.verdict === 'objection')),
    },
  ],
  financial(known) {
    const [spending] = spendingOf([known]);
    if (!spending) return [];
    const { terms, charges, clock } = spending;
    const { rates } = terms;
    const times = [terms.fact, ...clock.facts];
    const second = (rate: number): number => Math.ceil((rate * LATE * clock.facts.length) / HOUR) + 1;
    const all = second(rates.session + rates.execution + rates.compliance);
    const parts = (['session', 'execution', 'compliance'] as const).map((layer): Again => {
      const made = figure(layersCost(rates, clock.spans, [layer]), 'usd', times);
      return { name: `${layer} layer`, path: ['parts', layer], made, within: second(rates[layer]) };
    });
    const charged = (of: 'call' | 'recorded'): Figure => {
      const those = charges.filter((charge) => charge.of === of);
      return figure(sumOf(those), 'usd', [terms.fact, ...those.flatMap((each) => each.facts)]);
    };
    const excess = [terms.fact, ...charges.flatMap((each) => (each.excess > 0 ? each.facts : []))];
    const sums = delaysOf(spending);
    return [
      { name: 'spent', path: ['spent'], made: figure(totalOf(spending), 'usd', basisOf(spending)), within: all },
      { name: 'calls', path: ['parts', 'calls'], made: charged('call') },
      { name: 'recorded', path: ['parts', 'recorded'], made: charged('recorded') },
      { name: 'beyond limits', path: ['excess'], made: figure(sumOf(charges, 'excess'), 'usd', excess) },
      ...parts,
      ...(['timeout', 'restart', 'rollback'] as const).map((cause): Again => {
        const { times, delays } = sums[cause];
        const made = figure(times, 'count', delays);
        return { name: `delays by ${cause}`, path: ['delays', cause, 'times'], made };
      }),
    ];
  },
};

/** What history says without a record that the session counts. */
const OWN: ReadonlySet<string> = new Set([
  'started',
  'continued',
  'ended',
  'command',
  'attempt',
  'outcome',
  'recall',
  'proof',
  'pinned',
  'opened',
  'refused',
  'evidence',
  ...RECORD_KINDS,
]);
