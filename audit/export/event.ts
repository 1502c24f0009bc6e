import { isObject, type Json } from '../../protocol/values/json.ts';
import { beginningOf } from '../../protocol/values/text.ts';
import type { AuditKind, AuditKinds, EvidenceRecord } from '../read/record.ts';

/** The version of the Open Cybersecurity Schema Framework that events are in. */
export const OCSF_VERSION = '1.8.0';

/** An event, as one JSON object. */
export type OcsfEvent = { readonly [attribute: string]: Json };

/** Classes that records are mapped to, by name: uid and the uid of the category. */
export const CLASSES = {
  base_event: [0, 0],
  compliance_finding: [2003, 2],
  detection_finding: [2004, 2],
  authentication: [3002, 3],
  entity_management: [3004, 3],
  application_lifecycle: [6002, 6],
  api_activity: [6003, 6],
} as const;
export type OcsfClass = keyof typeof CLASSES;

/** `[id, name]` of the activity, as the class has it; 99 with a name of ours where it has none. */
export type Activity = readonly [number, string];

export const SEVERITY = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 } as const;

/** What a kind of record becomes. */
export interface Mapped {
  readonly class: OcsfClass;
  readonly activity: Activity;
  readonly severity?: keyof typeof SEVERITY;
  /** Arguments and results are left out of it: a SIEM is no place for them. */
  readonly message: string;
  readonly more: OcsfEvent;
}

/** How a record of one kind is mapped. */
export type MapOf<K extends AuditKind> = (data: AuditKinds[K], record: EvidenceRecord) => Mapped;

export const other = (name: string): Activity => [99, name];

const MOST = 1000;

/** Words of which history may hold any number. */
export const said = (text: unknown): string => beginningOf(typeof text === 'string' ? text : '', MOST);

/** Without members that are not there. */
export function present(members: { readonly [name: string]: Json | undefined }): OcsfEvent {
  const there = Object.entries(members).filter(([, value]) => value !== undefined && value !== '' && value !== null);
  return Object.fromEntries(there) as OcsfEvent;
}

/** A member of an object in history, as text; undefined where there is none. */
export function memberOf(value: unknown, name: string): string | undefined {
  const member = isObject(value) ? value[name] : undefined;
  return typeof member === 'string' ? said(member) : undefined;
}

/** Who is behind a record: a name, and whether it is proven. */
export function actorOf({ by, standing, session, proof }: EvidenceRecord): OcsfEvent {
  if (by === null) return { app_name: 'custody', session: { uid: session } };
  const user = present({
    name: said(by) || 'unknown',
    uid: proof ? said(proof.person) : undefined,
    credential_uid: proof ? said(proof.key) : undefined,
    type: standing ?? 'custody',
    type_id: 99,
  });
  return { user, session: { uid: session } };
}
