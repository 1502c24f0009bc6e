import { isObject } from '../../protocol/values/json.ts';
import type { AuditKind, AuditKinds, EvidenceRecord } from '../read/record.ts';
import type { Checkpoint, Citation, Figure, Unit } from './model.ts';

/** What a report is made from: all records of a session in order, null for each that is withheld. */
export interface SessionRecords {
  readonly session: string;
  readonly records: readonly (EvidenceRecord | null)[];
  readonly checkpoint?: Checkpoint;
}

/** A record with its place. */
export interface Fact<K extends AuditKind = AuditKind> {
  readonly session: string;
  readonly place: number;
  readonly record: RecordOf<K>;
}

interface RecordOf<K extends AuditKind> extends Pick<EvidenceRecord, Whatever> {
  readonly kind: K;
  readonly data: AuditKinds[K];
}
type Whatever = 'run' | 'events' | 'at' | 'layer' | 'n' | 'by' | 'standing' | 'proof' | 'call';

/** What is known of one session. */
export interface Known {
  readonly session: string;
  readonly facts: readonly Fact[];
}

export const knownOf = ({ session, records }: SessionRecords): Known => ({
  session,
  facts: records.flatMap((record, place) =>
    record && isObject(record.data) ? [{ session, place, record: record as Fact['record'] }] : [],
  ),
});

export const all = (known: readonly Known[]): readonly Fact[] => known.flatMap(({ facts }) => facts);

export const isOf = <K extends AuditKind>(fact: Fact, ...kinds: readonly K[]): fact is Fact<K> =>
  (kinds as readonly string[]).includes(fact.record.kind);

/** Facts of some kinds, in order. */
export const ofKind = <K extends AuditKind>(facts: readonly Fact[], ...kinds: readonly K[]): readonly Fact<K>[] =>
  facts.filter((fact): fact is Fact<K> => isOf(fact, ...kinds));

/** Where facts stand, each once. */
export function citing(facts: readonly Fact[]): readonly Citation[] {
  const places = new Map<string, Set<number>>();
  for (const { session, place } of facts) places.set(session, (places.get(session) ?? new Set()).add(place));
  return [...places].map(([session, those]) => ({ session, records: [...those].sort((a, b) => a - b) }));
}

export const figure = (value: Figure['value'], unit: Unit, facts: readonly Fact[]): Figure => ({
  value,
  unit,
  records: citing(facts),
});

export const counting = (facts: readonly Fact[]): Figure => figure(facts.length, 'count', facts);

/** Words, of which history may hold any number. */
export const saying = (text: unknown, facts: readonly Fact[]): Figure =>
  figure(typeof text === 'string' ? text.slice(0, MOST_SAID).toWellFormed() : null, 'text', facts);

const MOST_SAID = 500;

/** An instant of a record, or in one: epoch milliseconds. */
export const instant = (at: unknown, facts: readonly Fact[]): Figure => figure(isoOf(at), 'instant', facts);

const isoOf = (at: unknown): string | null => {
  if (typeof at === 'string') return at;
  return Number.isSafeInteger(at) && Math.abs(at as number) <= LATEST ? new Date(at as number).toISOString() : null;
};
const LATEST = 8.64e15;

/** A whole number from 0 on, as records say amounts; 0 for anything else. */
export const wholeOf = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;

/** Groups in order of their first member. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Who is behind a record, and whether that is proven. */
export const whoOf = ({ record }: Fact): string =>
  record.by === null ? '' : `${record.by}${record.standing === null ? '' : ` (${record.standing})`}`;

export const msOf = ({ record }: Fact): number => Date.parse(record.at);
