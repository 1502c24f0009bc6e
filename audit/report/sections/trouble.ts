import type { AuditKind } from '../../read/record.ts';
import { all, counting, type Fact, grouped, instant, type Known, ofKind, saying, whoOf } from '../facts.ts';
import type { Row, Section } from '../model.ts';

const VIOLATIONS: readonly (readonly [string, AuditKind])[] = [
  ['calls that rules denied', 'denied'],
  ['calls that rules on trial would have denied', 'would-deny'],
  ['calls refused otherwise', 'call-refused'],
  ['calls in doubt', 'in-doubt'],
  ['requests of servers refused', 'ask-refused'],
  ['runaway agents stopped', 'runaway'],
  ['limits reached', 'limit'],
  ['budget reached', 'budget'],
  ['costs beyond the limit of a call', 'overrun'],
  ['deadlines reached', 'deadline'],
  ['resets in Temporal', 'reset'],
  ['changed configurations accepted', 'changes-accepted'],
];

/** What went against rules or limits. */
export function violations(known: readonly Known[]): Section {
  const facts = all(known);
  const codes = grouped(ofKind(facts, 'refused'), ({ record }) => String(record.data.code));
  return {
    id: 'violations',
    title: 'Violations and refusals',
    note: 'Records of the kinds that say so. Commands that were refused follow, by code.',
    columns: ['What', 'Times'],
    rows: [
      ...VIOLATIONS.map(([name, kind]): Row => ({ name, figures: [counting(ofKind(facts, kind))] })),
      ...[...codes].map(([code, those]): Row => ({ name: `commands refused: ${code}`, figures: [counting(those)] })),
    ],
  };
}

/** Incidents, with their closing. */
export function incidents(known: readonly Known[]): Section {
  const opened = ofKind(all(known), 'incident');
  const closings = grouped(ofKind(all(known), 'incident-closed'), ({ session, record }) => keyOf(session, record.data));
  const rows = opened.map((fact): Row => {
    const { incident, what, severity, text, done } = fact.record.data;
    const closed = closings.get(keyOf(fact.session, fact.record.data))?.[0];
    const end: readonly Fact[] = closed ? [closed] : [];
    return {
      name: String(incident),
      figures: [
        ...[fact.session, what, severity, text, done].map((said) => saying(said, [fact])),
        instant(fact.record.at, [fact]),
        saying(closed ? whoOf(closed) : 'open', [fact, ...end]),
        saying(closed?.record.data.reason ?? null, [fact, ...end]),
      ],
    };
  });
  const isOpen = opened.some((fact) => !closings.has(keyOf(fact.session, fact.record.data)));
  return {
    id: 'incidents',
    title: 'Incidents',
    note: 'A person closes each; what comes again counts in the one that is open.',
    columns: ['Incident', 'Session', 'What', 'Severity', 'Seen', 'Done', 'At', 'Closed by', 'Why'],
    rows,
    ...(isOpen ? { isAlarming: true } : {}),
  };
}

const keyOf = (session: string, { incident }: { readonly incident: unknown }): string =>
  `${session} ${String(incident)}`;
