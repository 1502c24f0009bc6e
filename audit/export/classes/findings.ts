import type { AuditKind, AuditKinds, EvidenceRecord } from '../../read/record.ts';
import { actorOf, type MapOf, memberOf, type OcsfEvent, present, SEVERITY, said } from '../event.ts';

/** An incident, as a Detection Finding. */
export const incident: MapOf<'incident'> = ({ incident: id, what, severity, text, done }, record) => ({
  class: 'detection_finding',
  activity: [1, 'Create'],
  severity: severity in SEVERITY ? severity : 'medium',
  message: said(text),
  more: {
    status_id: 1,
    status: 'New',
    is_alert: true,
    finding_info: present({
      uid: `${record.session}/${said(id)}`,
      title: said(what),
      desc: said(text),
      types: [said(what)],
      created_time: Date.parse(record.at),
    }),
    remediation: { desc: said(done) || 'none' },
    resources: [{ uid: record.session, type: 'session' }],
  },
});

export const incidentClosed: MapOf<'incident-closed'> = ({ incident: id, reason }, record) => ({
  class: 'detection_finding',
  activity: [3, 'Close'],
  message: said(reason),
  more: {
    status_id: 4,
    status: 'Resolved',
    comment: said(reason),
    finding_info: { uid: `${record.session}/${said(id)}`, title: said(id), modified_time: Date.parse(record.at) },
    resources: [{ uid: record.session, type: 'session' }],
    unmapped: { closed_by: actorOf(record) },
  },
});

/** Something that went against a rule or a limit, as a failed Compliance Finding. */
export const violation: MapOf<AuditKind> = (data, record) => {
  const text = memberOf(data, 'message') ?? memberOf(data, 'text') ?? record.kind;
  return finding(record, text, 'fail', present({ requirements: rulesIn(data) }));
};

/** Something to look at that is no failure. */
export const notable: MapOf<AuditKind> = (data, record) => {
  const text = memberOf(data, 'text') ?? memberOf(data, 'duty') ?? memberOf(data, 'cause') ?? record.kind;
  return finding(record, text, 'warning');
};

export const reviewAsked: MapOf<'review-asked'> = ({ review, why }, record) =>
  finding(record, `${said(review)} review: ${said(why)}`, 'warning');

export const reviewed: MapOf<'reviewed'> = (data: AuditKinds['reviewed'], record) => {
  const status = data.verdict === 'passed' ? 'pass' : 'fail';
  const found = 'rules' in data ? data.findings : data.finding;
  const text = Array.isArray(found) ? found.map((each) => memberOf(each, 'text')).join('; ') : said(found);
  return finding(record, `${said(data.review)} review: ${said(data.verdict)}${text && `: ${said(text)}`}`, status);
};

const STATUS = { pass: [1, 'Pass'], warning: [2, 'Warning'], fail: [3, 'Fail'] } as const;

function finding(record: EvidenceRecord, text: string, status: keyof typeof STATUS, more: OcsfEvent = {}) {
  const [id, name] = STATUS[status];
  const at = Date.parse(record.at);
  return {
    class: 'compliance_finding',
    activity: [1, 'Create'],
    severity: status === 'fail' ? 'medium' : 'informational',
    message: said(text),
    more: {
      status_id: status === 'pass' ? 4 : 1,
      status: status === 'pass' ? 'Resolved' : 'New',
      compliance: { control: record.kind, status_id: id, status: name, ...more },
      finding_info: { uid: uidOf(record), title: record.kind, desc: said(text), created_time: at },
      resources: [{ uid: record.session, type: 'session' }],
      unmapped: { by: actorOf(record) },
    },
  } as const;
}

/** Of a record: the run, the event where it stands, and its number. */
export const uidOf = ({ session, run, events, kind, n }: EvidenceRecord): string =>
  [session, run, events.at(-1) ?? 0, kind, ...(n === null ? [] : [n])].join('/');

function rulesIn(data: unknown): string[] | undefined {
  const { rules } = data as { readonly rules?: unknown };
  return Array.isArray(rules) && rules.length > 0 ? rules.map(said) : undefined;
}
