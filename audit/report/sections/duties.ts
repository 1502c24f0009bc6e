import type { AuditKind } from '../../read/record.ts';
import { all, counting, type Known, ofKind, saying } from '../facts.ts';
import type { Row, Section } from '../model.ts';

/** A demand of a rule that records can show something of. */
interface Duty {
  readonly rule: string;
  /** In our words. */
  readonly demand: string;
  readonly kinds: readonly AuditKind[];
  /** What these records do not show. */
  readonly not: string;
}

const CALLS = ['attempt', 'outcome'] as const;
const LIFE = ['started', 'transition', 'ended'] as const;

const DUTIES: readonly Duty[] = [
  {
    rule: 'EU AI Act, Article 12(1)',
    demand: 'a high-risk system records events by itself over its lifetime',
    kinds: [...LIFE, ...CALLS, 'command', 'decision', 'api-request', 'usage'],
    not: 'what the system did outside Custody and no agent recorded; other sessions of its lifetime',
  },
  {
    rule: 'EU AI Act, Article 12(2)',
    demand: 'the log shows situations that may be a risk or a substantial change',
    kinds: ['incident', 'incident-closed', 'denied', 'in-doubt', 'runaway', 'changes-accepted', 'restart', 'reset'],
    not: 'risks that nobody named as a rule, a limit or an incident',
  },
  {
    rule: 'EU AI Act, Article 19(1)',
    demand: 'the provider keeps the logs, six months at least',
    kinds: ['started', 'ended'],
    not: 'how long, and where: that is retention, not a record',
  },
  {
    rule: 'EU AI Act, Article 26(2) and (5)',
    demand: 'people oversee the system while it is used, and act on what they see',
    kinds: ['approval-asked', 'approved', 'approval-ended', 'review-asked', 'reviewed', 'resolved', 'incident-closed'],
    not: 'that these people are competent and have the authority',
  },
  {
    rule: 'EU AI Act, Article 26(6)',
    demand: 'the deployer keeps the logs that are under its control, six months at least',
    kinds: ['started', 'ended'],
    not: 'how long, and where',
  },
  {
    rule: 'SOC 2, CC7.2',
    demand: 'operations are watched for anomalies',
    kinds: ['denied', 'would-deny', 'incident', 'limit', 'runaway', 'cost-alert', 'overrun'],
    not: 'systems around the session; that somebody reads the notices',
  },
  {
    rule: 'SOC 2, CC7.3',
    demand: 'security events are evaluated',
    kinds: ['review-due', 'review-asked', 'reviewed'],
    not: 'the criteria of a person who looks',
  },
  {
    rule: 'SOC 2, CC7.4 and CC7.5',
    demand: 'incidents are answered, and what they broke is restored',
    kinds: [
      'incident',
      'incident-closed',
      'resolved',
      'rollback-begun',
      'undone',
      'not-undone',
      'rollback',
      'recovered',
    ],
    not: 'what was done outside the session',
  },
  {
    rule: 'HIPAA, 45 CFR 164.312(b)',
    demand: 'activity in systems with health information is recorded and can be examined',
    kinds: [...CALLS, 'command', 'refused', 'opened'],
    not: 'which values are health information; activity that passes the session by',
  },
  {
    rule: 'SEC 17a-4(f)(2)(i)(A)',
    demand: 'an audit trail shows all changes, when they were made and by whom, so that a record can be made again',
    kinds: [...LIFE, 'command', 'proof', ...CALLS],
    not: 'that the record cannot be rewritten or erased: that is its seal and its store',
  },
];

/** What records of these sessions have to say to demands of some rules. Whether it suffices, it does not say. */
export const duties = (known: readonly Known[]): Section => ({
  id: 'duties',
  title: 'Demands of some rules, and records that bear on them',
  note: 'No statement of conformity: a count says that there are such records, and none that they suffice.',
  columns: ['Rule', 'Demand, in short', 'Record kinds', 'Records here', 'What they do not show'],
  rows: DUTIES.map(({ rule, demand, kinds, not }): Row => {
    const facts = ofKind(all(known), ...kinds);
    const words = (text: string) => saying(text, []);
    return { name: rule, figures: [words(demand), words(kinds.join(', ')), counting(facts), words(not)] };
  }),
});
