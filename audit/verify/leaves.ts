import { canonical } from '../../protocol/values/digest.ts';
import { isObject, type Json } from '../../protocol/values/json.ts';
import type { Leaf } from '../seal/leaf.ts';
import { textOf } from '../tlog/note/text.ts';
import type { Context } from './context.ts';
import type { Signed } from './signatures.ts';

/** Is each entry a sealed record, in its place, of the session that the log is of? */
export function checkLeaves(
  context: Context,
  { log }: Signed,
  entries: readonly Uint8Array[],
): readonly (Leaf | undefined)[] {
  const { findings } = context;
  const session = log?.origin.slice(log.origin.lastIndexOf('/') + 1);
  return entries.map((entry, seq) => {
    const leaf = leafIn(entry);
    if (!leaf) return void findings.add('LEAF_MALFORMED', 'it is no record in RFC 8785 form', { seq });
    if (leaf.seq !== seq) findings.add('LEAF_MISPLACED', `it says that it is number ${leaf.seq}`, { seq });
    if (encodeURIComponent(leaf.session) !== session)
      findings.add('LEAF_MISPLACED', `it is of the session ${JSON.stringify(leaf.session.slice(0, 200))}`, { seq });
    return leaf;
  });
}

function leafIn(entry: Uint8Array): Leaf | undefined {
  try {
    const text = textOf(entry);
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return isLeaf(value) && canonical(value as unknown as Json) === text ? value : undefined;
  } catch {
    return undefined;
  }
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
