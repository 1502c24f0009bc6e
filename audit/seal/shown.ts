import { isObject, type Json } from '../../protocol/values/json.ts';
import { canonical, digestOf } from '../../protocol/values/digest.ts';
import type { AuditKind, EvidenceRecord } from '../read/record.ts';

/** What of a record is shown longer than this is shown by nothing but its commitment: a leaf is bounded. */
const MOST = 16_384;

type Shown = { readonly [name: string]: Json };

/** Members that neither name a person nor hold what a server, a model or a caller wrote. */
const MEMBERS: { readonly [K in AuditKind]?: readonly string[] } = {
  started: ['as'],
  continued: ['runs'],
  ended: ['as', 'code'],
  command: ['name', 'via'],
  refused: ['command', 'code'],
  attempt: ['server', 'tool', 'method', 'attempt', 'effect', 'idempotencyKey', 'toolHash', 'configHash', 'compensates'],
  outcome: ['name', 'attempt'],
  recall: ['attempt', 'isAnswered'],
  governance: ['profileHash', 'deadlineAt', 'policy', 'principals'],
  transition: ['from', 'to', 'cause'],
  deadline: ['why', 'graceUntil'],
  extended: ['ms', 'deadlineAt'],
  'in-doubt': ['code'],
  denied: ['rules'],
  'would-deny': ['rules'],
  'approval-asked': ['approval', 'what', 'rules', 'digest', 'persons', 'expiresAt'],
  approved: ['approval', 'digest', 'votes', 'persons'],
  'approval-ended': ['approval', 'as'],
  resolved: ['as'],
  'cost-alert': ['percent'],
  'topped-up': ['microUsd', 'limit'],
  overrun: ['cost', 'excess'],
  incident: ['incident', 'what', 'severity'],
  'incident-closed': ['incident', 'times'],
  checked: ['duties'],
  'review-due': ['cause', 'how'],
  'review-asked': ['review', 'approval', 'persons', 'dueAt'],
  reviewed: ['review', 'verdict', 'causes'],
  rollback: ['undone', 'remaining'],
  report: ['of'],
  evidence: ['act', 'order', 'proof', 'who', 'publicKey', 'after'],
};

/** What anybody may read of a record once it is sealed, also after the rest was erased. */
export function shownOf(record: EvidenceRecord): Shown {
  const members = Object.hasOwn(MEMBERS, record.kind) ? MEMBERS[record.kind] : undefined;
  const shown = { ...picked(record.data, members ?? []), ...derived(record) };
  return canonical(shown).length > MOST ? {} : shown;
}

function derived(record: EvidenceRecord): Shown {
  if (record.kind === 'outcome' || record.kind === 'recall') {
    const { outcome } = record.data;
    const lost = record.kind === 'outcome' ? record.data.lost : null;
    const failed = picked(outcome, ['code']);
    const decided = picked(outcome?.decision, ['verdict', 'rules', 'logOnly']);
    return { outcome: outcome?.kind ?? lost?.as ?? null, ...failed, ...decided };
  }
  const documents = documentsIn(record);
  const names = Object.entries(documents).map(([name, document]) => [name, digestOf(document)] as const);
  return names.length > 0 ? { documents: Object.fromEntries(names) } : {};
}

/** What a session is governed by, as a record has it in full: by what it is. */
export function documentsIn(record: EvidenceRecord): { readonly [name: string]: Json } {
  if (record.kind === 'opened') return isObject(record.data.opened) ? picked(record.data.opened, ['pin']) : {};
  if (record.kind !== 'pinned' || !isObject(record.data.loaded)) return {};
  const { governance, money, policy } = record.data.loaded;
  const rules = isObject(policy) ? policy.document : undefined;
  return picked({ profile: governance, prices: money, rules }, ['profile', 'prices', 'rules']);
}

function picked(from: unknown, names: readonly string[]): Shown {
  if (!isObject(from)) return {};
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name] as Json] as const])),
  );
}
