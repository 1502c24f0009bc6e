import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document as YamlDocument, Node, Pair, YAMLMap } from 'yaml';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { DEPTH, tooDeepAt } from './nesting.ts';
import { inspectNodes } from './nodes.ts';
import type { Position, Problem, Source } from './problems.ts';
import type { Path } from '../../protocol/values/check.ts';

/** A YAML or JSON text that was read; every YAML value in it is a JSON value. */
export interface Document extends Source {
  /** Undefined when the text cannot be read at all. */
  readonly value: unknown;
  /** What is wrong with the text as YAML, apart from what it says. */
  readonly problems: readonly Problem[];
  /** The file could not be opened, so that its problem is one of whoever names it. */
  readonly unopened?: true;
}

/** Of text that is too long for a file of ours. */
export const TOO_LARGE = `is larger than ${LIMITS.specBytes / 1024} KiB; leave out what is not needed`;

const OPTIONS = { prettyErrors: false, uniqueKeys: false, stringKeys: true, resolveKnownTags: false } as const;

/** Sentences of ours where the parser's own would repeat text of the file, which may be a secret in the wrong place. */
const SYNTAX: { readonly [code: string]: string } = {
  UNEXPECTED_TOKEN: 'is not YAML: something stands here that does not belong; check quotes, brackets and indentation',
  BAD_DQ_ESCAPE: 'is not YAML: this escape is not known; write \\\\ for a backslash, or use single quotes',
  BAD_ALIAS:
    'is not YAML: anchors and aliases (& and *) are not taken; write the value out, or quote it if the * is meant',
  MULTIPLE_DOCS: 'is not YAML of one document: a second one begins here; leave the line of --- out',
  TAG_RESOLVE_FAILED: 'has a tag that is not known; leave it out, or quote the value if the ! is meant',
  NON_STRING_KEY: 'is not a key that is taken; keys are plain text',
};

/** Reads YAML 1.2 (and so JSON) without anchors, aliases, tags of its own, and duplicate keys. Never throws. */
export function readDocument(text: string, name: string): Document {
  if (byteLength(text) > LIMITS.specBytes) return unreadable(name, TOO_LARGE);
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { line: 1, col: offset + 1 } : { line, col };
  };
  const deep = tooDeepAt(text, lines);
  if (deep !== undefined)
    return {
      ...unreadable(name),
      problems: [{ path: [], message: `is nested more than ${DEPTH} levels deep`, position: place(deep) }],
    };
  const yaml = parseDocument(text, OPTIONS);
  const syntax = [...yaml.errors, ...yaml.warnings].map(({ code, message, pos }) => ({
    path: [],
    message: SYNTAX[code] ?? `is not YAML: ${message}`,
    position: place(pos[0]),
  }));
  if (yaml.directives?.yaml.version !== '1.2')
    syntax.push({ path: [], message: 'asks for another YAML than 1.2; leave the %YAML line out', position: place(0) });
  const { problems, readable } = inspectNodes(yaml, place);
  const found = [...syntax, ...problems];
  if (syntax.length > 0 || !readable) return { ...unreadable(name), problems: found };
  return { name, value: yaml.toJS({ maxAliasCount: 0 }), problems: found, locate: locator(yaml, place) };
}

/** A source of which nothing can be said but what is wrong with it as a whole. */
export const unreadable = (name: string, ...messages: string[]): Document => ({
  name,
  value: undefined,
  problems: messages.map((message) => ({ path: [], message })),
  locate: () => undefined,
});

function locator(yaml: YamlDocument.Parsed, place: (offset: number) => Position): Source['locate'] {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair<Node, Node | null>>>();
  const pairOf = (map: YAMLMap, key: PropertyKey): Pair<Node, Node | null> | undefined => {
    let index = indexes.get(map);
    if (!index) {
      const pairs = map.items as Pair<Node, Node | null>[];
      indexes.set(map, (index = new Map(pairs.map((pair) => [keyText(pair), pair]))));
    }
    return index.get(String(key));
  };
  return (path: Path, atKey: boolean) => {
    let node: Node | null = yaml.contents;
    let start = node?.range?.[0] ?? 0;
    for (const [depth, part] of path.entries()) {
      // A block in list form stands for a map: look for the key in its items.
      const holder: Node | null =
        isSeq(node) && typeof part === 'string'
          ? ((node.items as Node[]).find((item) => isMap(item) && pairOf(item, part)) ?? null)
          : node;
      const pair: Pair<Node, Node | null> | undefined = isMap(holder) ? pairOf(holder, part) : undefined;
      const next: Node | null = pair
        ? pair.value
        : isSeq(holder) && typeof part === 'number'
          ? ((holder.items[part] as Node) ?? null)
          : null;
      if (!pair && !next) break;
      const keyStart = pair?.key.range?.[0];
      start = atKey && depth === path.length - 1 ? (keyStart ?? start) : (next?.range?.[0] ?? keyStart ?? start);
      node = next;
    }
    return place(start);
  };
}

const keyText = (pair: Pair<Node, Node | null>): string => String('value' in pair.key ? pair.key.value : '');
