import { isObject } from '../../../protocol/values/json.ts';
import { standsOf, STANDS, triedIn } from '../calls.ts';
import { all, counting, type Fact, figure, grouped, type Known, ofKind } from '../facts.ts';
import type { Row, Section } from '../model.ts';

/** Calls by how they stand. */
export function calls(known: readonly Known[]): Section {
  const stands = standsOf(known);
  const rows = STANDS.map((as) => {
    const those = stands.filter((each) => each.as === as);
    return {
      name: as,
      figures: [
        figure(
          those.length,
          'count',
          those.flatMap(({ facts }) => facts),
        ),
      ],
    };
  });
  return {
    id: 'calls',
    title: 'Calls by outcome',
    note:
      'Each call once, by the last that is on record of it. In doubt: it was, or may have been, sent, and nobody ' +
      'knows of an answer. Open: it waits, runs, or was never settled.',
    columns: ['Outcome', 'Calls'],
    rows,
    plot: { as: 'bars', bars: rows.map(({ name, figures }) => ({ name, value: Number(figures[0]?.value) })) },
  };
}

/** Attempts by tool. */
export function tools(known: readonly Known[]): Section {
  const names = grouped(triedIn(known), ({ attempt: { record } }) => nameIn(record.data));
  const outcomes: readonly [string, readonly string[]][] = [
    ['Succeeded', ['succeeded']],
    ['Tool error', ['tool_error']],
    ['Failed', ['failed', 'unknown']],
    ['Denied', ['denied']],
    ['Not sent', ['not_sent']],
    ['Asked', ['needs_approval', 'input_required']],
  ];
  return {
    id: 'tools',
    title: 'Attempts by tool',
    note: 'A call has more than one attempt where it was tried again, approved or answered. Rollbacks are among them.',
    columns: ['Tool', 'Attempts', ...outcomes.map(([title]) => title), 'No outcome'],
    rows: [...names].map(([name, tried]) => ({
      name,
      figures: [
        counting(tried.map(({ attempt }) => attempt)),
        ...outcomes.map(([, kinds]) => {
          const those = tried.filter(({ outcome }) => kinds.includes(kindOf(outcome)));
          // An outcome counts under the tool of its attempt.
          return figure(
            those.length,
            'count',
            those.flatMap(({ attempt, outcome }) => [attempt, ...(outcome ? [outcome] : [])]),
          );
        }),
        counting(tried.filter(({ outcome }) => kindOf(outcome) === '').map(({ attempt }) => attempt)),
      ],
    })),
  };
}

const nameIn = ({ server, tool, method }: { server: unknown; tool: unknown; method?: unknown }): string =>
  `${String(server)}.${String(method ?? tool)}`;

const kindOf = (fact: Fact<'outcome'> | undefined): string =>
  isObject(fact?.record.data.outcome) ? String(fact?.record.data.outcome.kind) : '';

/** What rules said, by verdict and rule. */
export function decisions(known: readonly Known[]): Section {
  const decided = ofKind(all(known), 'outcome').flatMap((fact) => {
    const decision = fact.record.data.outcome?.decision;
    return isObject(decision) ? [{ fact, verdict: String(decision.verdict), rules: namesIn(decision.rules) }] : [];
  });
  const rows = [
    ...grouped(
      decided.flatMap(({ rules, ...rest }) => rules.map((rule) => ({ rule, ...rest }))),
      ({ rule }) => rule,
    ),
  ];
  const row = (name: string, those: readonly (typeof decided)[number][] | (typeof rows)[number][1]): Row => ({
    name,
    figures: ['allow', 'deny', 'needs_approval'].map((verdict) =>
      counting(those.filter((each) => each.verdict === verdict).map(({ fact }) => fact)),
    ),
  });
  return {
    id: 'decisions',
    title: 'Decisions of rules',
    note:
      'One for each attempt that was decided, and under each rule that made it. Attempts of sessions without rules, ' +
      'and those whose worker was lost before it said anything, have none.',
    columns: ['Rule', 'Allowed', 'Denied', 'Needs approval'],
    rows: [row('(all)', decided), ...rows.map(([rule, those]) => row(rule, those))],
  };
}

const namesIn = (rules: unknown): readonly string[] => (Array.isArray(rules) ? rules.map(String) : []);
