import type { Refusal } from '../errors.ts';
import { isObject } from '../values/json.ts';

/** How far a session was sealed, as the log of its namespace has it. */
export interface SessionLeaf {
  readonly v: 1;
  readonly kind: 'session';
  readonly session: string;
  /** Records in its log then. */
  readonly size: number;
  /** Root hash of its log then, in hex. */
  readonly root: string;
  /** When it was looked at: ISO 8601, UTC. */
  readonly at: string;
  /** The session was over, and all of it was sealed. */
  readonly whole: boolean;
}

/** A sign that the log was kept: the first leaf, and one each hour. */
export interface HeartbeatLeaf {
  readonly v: 1;
  readonly kind: 'heartbeat';
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What stands in the log of a namespace and task queue. */
export type NamespaceLeaf = SessionLeaf | HeartbeatLeaf;

/** How far the log of a namespace is. */
export interface NamespaceLogState {
  readonly size: number;
  /** In hex; undefined while nothing is known of it. */
  readonly root?: string;
  /** When its last heartbeat leaf was made, in epoch milliseconds. */
  readonly beatAt: number;
  /** Why leaves could not be written, or nobody outside vouched for them. */
  readonly failing?: Refusal & { readonly since: number };
  /** Leaves that were given up, since too many waited. */
  readonly lost?: number;
}

/** Characters of the longest id of a session that is listed; Temporal takes no longer one. */
const LONGEST = 1000;

/** The leaf that a value is, in this form exactly; undefined where it is none. */
export function namespaceLeafIn(value: unknown): NamespaceLeaf | undefined {
  if (!isObject(value) || value.v !== 1 || !isInstant(value.at)) return undefined;
  const keys = Object.keys(value).sort().join();
  if (value.kind === 'heartbeat') return keys === 'at,kind,v' ? (value as unknown as HeartbeatLeaf) : undefined;
  const isSession =
    value.kind === 'session' &&
    keys === 'at,kind,root,session,size,v,whole' &&
    typeof value.session === 'string' &&
    value.session !== '' &&
    value.session.length <= LONGEST &&
    Number.isSafeInteger(value.size) &&
    (value.size as number) > 0 &&
    typeof value.root === 'string' &&
    /^[0-9a-f]{64}$/.test(value.root) &&
    typeof value.whole === 'boolean';
  return isSession ? (value as unknown as SessionLeaf) : undefined;
}

function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString() === value;
}
