import { isObject } from '../../protocol/values/json.ts';
import type { Leaf } from '../seal/leaf.ts';
import type { Context } from './context.ts';
import { canonicalIn } from './json.ts';
import type { Signed } from './signatures.ts';

/** Is each entry a sealed record, in its place, of the session that the log is of? */
export function checkLeaves(
  context: Context,
  { log }: Signed,
  entries: readonly Uint8Array[],
): readonly (Leaf | undefined)[] {
  const { findings } = context;
  return entries.map((entry, seq) => {
    const leaf = leafIn(entry);
    if (!leaf) return void findings.add('LEAF_MALFORMED', 'it is no record in RFC 8785 form', { seq });
    const why = misplaced(leaf, seq, log?.origin ?? '');
    if (why !== undefined) findings.add('LEAF_MISPLACED', why, { seq });
    return leaf;
  });
}

/** Why a leaf does not belong where it stands; undefined where it does. */
export function misplaced(leaf: Leaf, seq: number, origin: string): string | undefined {
  if (leaf.seq !== seq) return `it says that it is number ${leaf.seq}`;
  // Canonical JSON has whole characters alone.
  if (encodeURIComponent(leaf.session) === origin.slice(origin.lastIndexOf('/') + 1)) return undefined;
  return `it is of the session ${JSON.stringify(leaf.session.slice(0, 200))}`;
}

/** The leaf that an entry is; undefined where it is none. */
export function leafIn(entry: Uint8Array): Leaf | undefined {
  const value: unknown = canonicalIn(entry);
  return isLeaf(value) ? value : undefined;
}

const KEYS = 'at,call,events,kind,layer,n,run,sealed,seq,session,shown,standing,v';

const isLeaf = (value: unknown): value is Leaf =>
  isObject(value) &&
  Object.keys(value).sort().join() === KEYS &&
  value.v === 1 &&
  isNumber(value.seq) &&
  ['session', 'run', 'at', 'layer', 'kind'].every((key) => typeof value[key] === 'string') &&
  Array.isArray(value.events) &&
  value.events.length > 0 &&
  value.events.every(isNumber) &&
  (value.n === null || isNumber(value.n)) &&
  (value.call === null || typeof value.call === 'string') &&
  (value.standing === null || value.standing === 'proven' || value.standing === 'claimed') &&
  isObject(value.shown) &&
  typeof value.sealed === 'string' &&
  /^[0-9a-f]{64}$/.test(value.sealed);

const isNumber = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
