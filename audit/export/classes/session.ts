import { isVerdict } from '../../../protocol/identity/proof.ts';
import type { AuditKind, EvidenceRecord } from '../../read/record.ts';
import { type Activity, actorOf, type MapOf, memberOf, other, present, said } from '../event.ts';

/** A session began or ended, or a server of it did. */
export const life =
  (activity: Activity, what: 'session' | 'server'): MapOf<AuditKind> =>
  (data, record) => {
    const server = memberOf(data, 'server');
    const name = what === 'server' ? (server ?? 'unknown') : record.session;
    const why = memberOf(data, 'why') ?? memberOf(data, 'message') ?? memberOf(data, 'as');
    return {
      class: 'application_lifecycle',
      activity,
      message: `${what} ${name} ${record.kind}${why === undefined ? '' : `: ${why}`}`,
      more: { app: present({ name, uid: record.session, vendor_name: what === 'server' ? 'MCP server' : 'Custody' }) },
    };
  };

const ENDS: ReadonlySet<unknown> = new Set(['COMPLETED', 'FAILED', 'TIMEOUT']);

/** A session changed its state: it is the entity. */
export const transition: MapOf<'transition'> = ({ from, to, cause, reason }, record) => ({
  class: 'entity_management',
  activity: activityOf(from, to),
  message: `${said(from)} -> ${said(to)}${cause ? ` (${said(cause)})` : ''}: ${said(reason)}`,
  more: {
    ...entity(record, 'session', record.session),
    comment: said(reason),
    entity_result: { name: said(to) || 'unknown', type: 'state' },
  },
});

function activityOf(from: unknown, to: unknown): Activity {
  if (to === 'PAUSED') return [12, 'Suspend'];
  if (to === 'RESUMING' || (to === 'RUNNING' && from === 'RESUMING')) return [13, 'Resume'];
  if (to === 'RUNNING' && from === 'INIT') return [10, 'Activate'];
  return ENDS.has(to) ? [11, 'Deactivate'] : [3, 'Update'];
}

/** What somebody asked of a session; `call` with its arguments left out. */
export const command: MapOf<'command'> = ({ name, via, input }, record) => ({
  class: 'entity_management',
  activity: other(said(name) || 'command'),
  message: `${said(name)} (${said(via)})`,
  more: { ...entity(record, 'session', record.session), ...present({ comment: memberOf(input, 'reason') }) },
});

export const refused: MapOf<'refused'> = ({ command: name, code, message }, record) => ({
  class: 'entity_management',
  activity: other(said(name) || 'command'),
  message: `${said(name)}: ${said(code)}: ${said(message)}`,
  more: {
    ...entity(record, 'session', record.session),
    status_id: 2,
    status: 'Failure',
    status_code: said(code),
    status_detail: said(message),
  },
});

/** What persons were asked and said: the approval is the entity. */
export const approval =
  (activity: Activity): MapOf<AuditKind> =>
  (data, record) => ({
    class: 'entity_management',
    activity,
    message: [memberOf(data, 'approval'), memberOf(data, 'as'), memberOf(data, 'what') ?? memberOf(data, 'reason')]
      .filter(Boolean)
      .join(': '),
    more: {
      ...entity(record, 'approval', `${record.session}/${memberOf(data, 'approval') ?? ''}`),
      ...present({ comment: memberOf(data, 'reason') ?? memberOf(data, 'why') }),
    },
  });

/** What a session is governed by, or can go back to. */
export const changed =
  (what: string, activity: Activity): MapOf<AuditKind> =>
  (data, record) => ({
    class: 'entity_management',
    activity,
    message: `${record.kind}${memberOf(data, 'reason') === undefined ? '' : `: ${memberOf(data, 'reason')}`}`,
    more: {
      ...entity(record, what, memberOf(data, 'name') ?? memberOf(data, 'profile') ?? record.session),
      ...present({ comment: memberOf(data, 'reason') }),
    },
  });

/** A signature was checked. */
export const proof: MapOf<'proof'> = ({ check, said: found }, record) => {
  const isGood = isVerdict(found) && found.ok;
  const refusal = isVerdict(found) && !found.ok ? found.refusal : undefined;
  return {
    class: 'authentication',
    activity: other('Proof'),
    severity: isGood ? 'informational' : 'medium',
    message: `${memberOf(check, 'act') ?? '?'}: ${isGood ? 'proven' : said(refusal?.code) || 'no answer'}`,
    more: {
      user: present({
        name: said(record.by) || 'unknown',
        uid: record.proof ? said(record.proof.person) : undefined,
        credential_uid: memberOf(check, 'key'),
      }),
      service: { name: 'custody', uid: record.session },
      auth_protocol_id: 99,
      auth_protocol: 'Ed25519 signature',
      status_id: isGood ? 1 : 2,
      status: isGood ? 'Success' : 'Failure',
      ...present({ status_code: refusal && said(refusal.code), status_detail: refusal && said(refusal.message) }),
    },
  };
};

const entity = (record: EvidenceRecord, type: string, uid: string) =>
  ({ entity: { uid: said(uid) || 'unknown', type }, actor: actorOf(record) }) as const;
