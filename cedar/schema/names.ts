import { EFFECTS, METHODS } from '../../protocol/calls/call.ts';
import { didYouMean, nearest, quote } from '../../protocol/values/text.ts';
import { DAYS } from '../request.ts';
import type { Rule } from '../rules.ts';
import type { Catalog } from './catalog.ts';
import { type Finding, finding } from './findings.ts';
import { type Look, type Reads, whyUnchecked } from './reads.ts';
import { scopeOf } from './scope.ts';
import { type Attributes, membersOf } from './typing.ts';

const ANNOTATIONS = ['id', 'says', 'mode', 'approval', 'expires'];

/** Words that a value of the context can be. */
const WORDS: { readonly [name: string]: readonly string[] } = { effect: EFFECTS, method: METHODS, weekday: DAYS };

/** Names in a rule that nothing has: of servers, tools, arguments, words and annotations. */
export const wrongNames = (rule: Rule, reads: Reads, catalog: Catalog): readonly Finding[] => [
  ...annotations(rule),
  ...entities(rule, reads, catalog),
  ...argumentsOf(rule, reads, catalog),
  ...words(rule, reads),
];

function annotations(rule: Rule): readonly Finding[] {
  const written = Object.keys(rule.json.annotations ?? {}).filter((name) => !ANNOTATIONS.includes(name));
  return written.map((name) => {
    const isMistyped = nearest(name, ANNOTATIONS) !== undefined;
    const message = `has @${name}, which means nothing here${didYouMean(name, ANNOTATIONS)}`;
    return finding(rule, message, [`@${name}`], isMistyped ? 'error' : 'warning');
  });
}

function entities(rule: Rule, { entities: named }: Reads, { servers, closed, actions }: Catalog): readonly Finding[] {
  return named.flatMap(({ type, id }) => {
    const words = [`${type}::${JSON.stringify(id)}`, JSON.stringify(id)];
    if (type === 'Server' && !servers.includes(id))
      return [
        finding(rule, `names server ${quote(id)}, which custody.yaml does not have${didYouMean(id, servers)}`, words),
      ];
    if (type !== 'Action' || actions.has(id)) return [];
    const server = serverIn(id);
    if (closed.includes(server)) return [];
    if (!servers.includes(server)) {
      const guess = nearest(server, servers);
      const instead = guess === undefined ? '' : `; did you mean ${quote(guess + id.slice(server.length))}?`;
      return [finding(rule, `names ${quote(id)}, and custody.yaml has no server ${quote(server)}${instead}`, words)];
    }
    const known = [...actions.keys()].filter((each) => serverIn(each) === server);
    return [
      finding(rule, `names ${quote(id)}, which server ${quote(server)} does not have${didYouMean(id, known)}`, words),
    ];
  });
}

/** Up to the first point or space, which no name of a server has. */
const serverIn = (action: string): string => /^[^. ]*/.exec(action)?.[0] ?? '';

/** Arguments that none of the tools has which the rule is about; where some have them, types tell. */
function argumentsOf(rule: Rule, { looks }: Reads, catalog: Catalog): readonly Finding[] {
  const about = scopeOf(rule, catalog);
  if (about.length === 0) return [];
  return argumentsIn(looks).flatMap((look) => {
    const known = about.map(({ typed }) =>
      whyUnchecked(typed, look) === undefined ? namesAt(typed.attributes, look) : undefined,
    );
    if (known.some((each) => each === undefined || each.names.includes(each.name))) return [];
    const name = known[0]?.name ?? '';
    const names = [...new Set(known.flatMap((each) => each?.names ?? []))];
    const whose = about.length === 1 ? `${about[0]?.id} does not have` : 'no tool has that the rule is about';
    return [
      finding(rule, `reads the argument ${quote(look.way.join('.'))}, which ${whose}${didYouMean(name, names)}`, [
        name,
      ]),
    ];
  });
}

/** Looks at arguments, with the way within them. */
export const argumentsIn = (looks: readonly Look[]): readonly Look[] =>
  looks
    .filter(({ way }) => way[0] === 'context' && (way.length === 1 || way[1] === 'args'))
    .map(({ way, isUsed }) => ({ way: way.slice(2), isUsed }));

/** The first name on a way that is not there, with those that are; the last name and its neighbours where all are. */
function namesAt(
  attributes: Attributes,
  { way }: Look,
): { readonly name: string; readonly names: readonly string[] } | undefined {
  let record = attributes;
  for (const [depth, name] of way.entries()) {
    const found = Object.hasOwn(record, name) ? record[name] : undefined;
    if (!found || depth === way.length - 1) return { name, names: Object.keys(record) };
    const inner = membersOf(found);
    if (!inner) return undefined;
    record = inner;
  }
  return undefined;
}

function words(rule: Rule, { words: compared }: Reads): readonly Finding[] {
  return compared.flatMap(({ way: [root, name = '', ...more], word }) => {
    const known = root === 'context' && more.length === 0 && Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
    if (!known || known.includes(word)) return [];
    const instead = didYouMean(word, known) || `: it is one of ${known.join(', ')}`;
    const message = `compares context.${name} with ${quote(word)}, which it never is${instead}`;
    return [finding(rule, message, [JSON.stringify(word)])];
  });
}
