import { textOf } from '../entry.ts';
import type { AuditKind, EvidenceRecord } from '../read/record.ts';
import { attempt, ofCall, outcome, recall } from './classes/calls.ts';
import { incident, incidentClosed, notable, reviewAsked, reviewed, uidOf, violation } from './classes/findings.ts';
import { approval, changed, command, life, proof, refused, transition } from './classes/session.ts';
import {
  CLASSES,
  type Mapped,
  type MapOf,
  OCSF_VERSION,
  type OcsfEvent,
  other,
  present,
  said,
  SEVERITY,
} from './event.ts';

/** How each kind is mapped; what is not here is a Base Event. */
export const MAPS: { readonly [K in AuditKind]?: MapOf<K> } = {
  started: life([3, 'Start'], 'session'),
  ended: life([4, 'Stop'], 'session'),
  opened: life([3, 'Start'], 'server'),
  'server-lost': life([4, 'Stop'], 'server'),
  'server-reopened': life([5, 'Restart'], 'server'),
  transition,
  command,
  refused,
  governance: changed('governance', [3, 'Update']),
  pinned: changed('governance', [3, 'Update']),
  'changes-accepted': changed('governance', [3, 'Update']),
  extended: changed('deadline', [3, 'Update']),
  'topped-up': changed('budget', [3, 'Update']),
  checkpoint: changed('checkpoint', [1, 'Create']),
  'approval-asked': approval([1, 'Create']),
  approved: approval([3, 'Update']),
  'approval-ended': approval([11, 'Deactivate']),
  proof,
  attempt,
  outcome,
  recall,
  asks: ofCall('Asks'),
  responded: ofCall('Responded'),
  'ask-withdrawn': ofCall('Ask withdrawn'),
  'attempt-repeated': ofCall('Attempt repeated'),
  'call-refused': ofCall('Call refused', undefined, { status_id: 2, status: 'Failure' }),
  resolved: ofCall('Resolved'),
  incident,
  'incident-closed': incidentClosed,
  denied: violation,
  'would-deny': violation,
  'ask-refused': violation,
  'in-doubt': violation,
  runaway: violation,
  limit: violation,
  budget: violation,
  overrun: violation,
  reset: violation,
  'cost-alert': notable,
  'check-due': notable,
  'review-due': notable,
  'review-asked': reviewAsked,
  reviewed,
};

/**
 * A record as an event of OCSF 1.8. Arguments, results and what an agent saved are left out of it; names and reasons
 * are not.
 */
export function ocsfOf(record: EvidenceRecord): OcsfEvent {
  const { session, run, events, at, layer, kind, n, standing } = record;
  const { class: name, activity, severity = 'informational', message, more } = mappedOf(record);
  const [uid, category] = CLASSES[name];
  const [activityId, activityName] = activity;
  return {
    ...more,
    category_uid: category,
    class_uid: uid,
    activity_id: activityId,
    activity_name: activityName,
    type_uid: uid * 100 + activityId,
    severity_id: SEVERITY[severity],
    time: Date.parse(at) || 0,
    message,
    metadata: present({
      version: OCSF_VERSION,
      product: { name: 'Custody', vendor_name: 'Custody' },
      uid: uidOf(record),
      event_code: kind,
      log_name: layer,
      correlation_uid: session,
      sequence: n ?? undefined,
    }),
    unmapped: { ...(more.unmapped as OcsfEvent | undefined), run, events: [...events], standing },
  };
}

/** History can hold anything where a record is expected: it is exported all the same. */
function mappedOf(record: EvidenceRecord): Mapped {
  try {
    const map = MAPS[record.kind] as MapOf<AuditKind> | undefined;
    if (map) return map(record.data, record);
    return base(record.kind, said(textOf(record)));
  } catch {
    return base(record.kind, 'what the record says cannot be read');
  }
}

const base = (kind: string, message: string): Mapped => ({
  class: 'base_event',
  activity: other(kind),
  message,
  more: {},
});

/** Records as lines of JSON. */
export const ocsfLines = (records: readonly EvidenceRecord[]): string =>
  records.map((record) => `${JSON.stringify(ocsfOf(record))}\n`).join('');
