import { isAlias, isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { exactDecimal } from '../../protocol/values/numbers/decimal.ts';
import type { Position, Problem } from './problems.ts';

type Place = (offset: number) => Position;

/**
 * What YAML can express and configuration must not: anchors and aliases, duplicate keys, numbers
 * that JSON would change. Not `readable` means that the values must not be looked at.
 */
export function inspectNodes(yaml: Document.Parsed, place: Place): { problems: Problem[]; readable: boolean } {
  const problems: Problem[] = [];
  let readable = true;
  const note = (node: Node, ancestors: readonly unknown[], message: string): void => {
    problems.push({ path: pathOf([...ancestors, node]), message, position: place(node.range?.[0] ?? 0) });
  };
  visit(yaml, {
    Node: (_key, node, ancestors) => {
      if (isAlias(node)) {
        readable = false;
        note(
          node,
          ancestors,
          'is an alias (*), and aliases are not taken; write the value out, or quote it if the * is meant',
        );
      } else if (node.anchor !== undefined) {
        note(node, ancestors, 'has an anchor (&), and anchors are not taken; write the value out where it is needed');
      }
      if (isMap(node)) {
        for (const { pair, message } of wrongKeys(node, place)) note(pair.key, [...ancestors, node, pair], message);
      }
      if (isScalar(node) && typeof node.value === 'number' && !exactDecimal(node.source ?? '', node.value)) {
        note(node, ancestors, 'is a number that cannot be kept exactly; write fewer digits, or put it in quotes');
      }
    },
  });
  return { problems, readable };
}

function wrongKeys(map: YAMLMap, place: Place): { readonly pair: Pair<Node, Node>; readonly message: string }[] {
  const first = new Map<string, number>();
  return (map.items as Pair<Node, Node>[]).flatMap((pair) => {
    if (!isScalar(pair.key)) return [];
    const key = String(pair.key.value);
    if (key === '__proto__') return [{ pair, message: 'is a key that objects cannot carry; use another name' }];
    const before = first.get(key);
    if (before !== undefined)
      return [{ pair, message: `is written twice, first in line ${place(before).line}; keep one of them` }];
    first.set(key, pair.key.range?.[0] ?? 0);
    return [];
  });
}

/** Ancestors are documents, collections and pairs, the node itself last. */
const pathOf = (nodes: readonly unknown[]): (string | number)[] =>
  nodes.flatMap((node, index): (string | number)[] => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : [];
    return isSeq(node) && index + 1 < nodes.length ? [node.items.indexOf(nodes[index + 1])] : [];
  });
