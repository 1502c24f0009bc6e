import { type NamespaceLeaf, namespaceLeafIn } from '../../protocol/evidence/namespaceLog.ts';

/** Leaves that wait, and characters of the sessions that they name: what one run hands to the next is bounded. */
const MOST = 4000;
const MOST_CHARACTERS = 200_000;

/** Leaves that wait to be written, and how many were given up, since too many waited. */
export interface Waiting {
  readonly leaves: readonly NamespaceLeaf[];
  readonly lost: number;
}

/** With later leaves, which take the place of earlier ones of the same session. What comes last is given up first. */
export function withLeaves(waiting: readonly NamespaceLeaf[], some: readonly NamespaceLeaf[]): Waiting {
  const named = new Set(some.map(sessionIn));
  const all = [...waiting.filter((leaf) => leaf.kind !== 'session' || !named.has(leaf.session)), ...some];
  let characters = 0;
  const leaves = all.slice(0, MOST).filter((leaf) => (characters += sessionIn(leaf).length) <= MOST_CHARACTERS);
  return { leaves, lost: all.length - leaves.length };
}

/** Leaves of sessions in what a worker gave, up to so many; heartbeats are nobody's to give. */
export const sessionLeavesIn = (given: readonly unknown[], most: number): readonly NamespaceLeaf[] =>
  given.slice(0, most).flatMap((each) => {
    const leaf = namespaceLeafIn(each);
    return leaf?.kind === 'session' ? [leaf] : [];
  });

const sessionIn = (leaf: NamespaceLeaf): string => (leaf.kind === 'session' ? leaf.session : '');
