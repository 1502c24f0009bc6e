import { namespaceLeafIn, type NamespaceLeaf, type SessionLeaf } from '../../../protocol/evidence/namespaceLog.ts';
import { counted } from '../../../protocol/values/text.ts';
import type { Context } from '../context.ts';
import { canonicalIn } from '../json.ts';

/** Between heartbeats, in milliseconds; one is due each hour. */
const MOST_APART = 2 * 3_600_000;
const HOUR = 3_600_000;

/** What the log of a namespace says. */
export interface NamespaceLeaves {
  readonly heartbeats: number;
  /** Of each session, in the order of the log. */
  readonly sessions: ReadonlyMap<string, readonly SessionLeaf[]>;
}

/** Is each entry a leaf of such a log, do times and sizes ascend, and was the log kept without a gap? */
export function checkNamespaceLeaves(
  { findings }: Context,
  entries: readonly Uint8Array[],
  now: number,
): NamespaceLeaves {
  const sessions = new Map<string, SessionLeaf[]>();
  const beats: { readonly at: number; readonly seq: number }[] = [];
  entries.forEach((entry, seq) => {
    const leaf: NamespaceLeaf | undefined = namespaceLeafIn(canonicalIn(entry));
    if (!leaf) return findings.add('LEAF_MALFORMED', 'it is no leaf of a log of a namespace in RFC 8785 form', { seq });
    if (leaf.kind === 'heartbeat') return void beats.push({ at: Date.parse(leaf.at), seq });
    const before = sessions.get(leaf.session);
    if (!before) return void sessions.set(leaf.session, [leaf]);
    if (leaf.size < before.at(-1)!.size)
      findings.add('LEAF_MISPLACED', `the session ${quoted(leaf.session)} had more records before`, { seq });
    before.push(leaf);
  });
  beats.forEach(({ at, seq }, index) => {
    const last = beats[index - 1];
    if (!last) return;
    if (at < last.at) findings.add('LEAF_MISPLACED', 'it is older than the heartbeat before it', { seq });
    if (at - last.at > MOST_APART) findings.add('HEARTBEAT_MISSING', `none ${span(last.at, at)}`, { seq });
  });
  const last = beats.at(-1);
  if (!last) findings.add('HEARTBEAT_MISSING', 'it has none');
  else if (now - last.at > MOST_APART)
    findings.add('HEARTBEAT_MISSING', `none ${span(last.at, now)}, which is now`, { seq: last.seq });
  return { heartbeats: beats.length, sessions };
}

const span = (from: number, to: number): string =>
  `for ${counted(Math.floor((to - from) / HOUR), 'hour')}, from ${iso(from)} to ${iso(to)}`;

const iso = (at: number): string => new Date(at).toISOString();

/** A name out of the log, in words. */
export const quoted = (session: string): string => JSON.stringify(session.slice(0, 200));
