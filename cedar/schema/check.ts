import { validate, type ValidationAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import { counted, quote } from '../../protocol/values/text.ts';
import type { Rule } from '../rules.ts';
import type { Catalog } from './catalog.ts';
import { type Finding, finding, within } from './findings.ts';
import { argumentsIn, wrongNames } from './names.ts';
import { type Reads, readsOf, whyUnchecked } from './reads.ts';
import { schemaOf } from './schema.ts';
import { namedActions, namedServer, scopeOf } from './scope.ts';

export interface RuleCheck {
  /** In the order of the rules. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, in sentences. */
  readonly notChecked: readonly string[];
}

/** A rule, and what it is not held against, since types do not tell of what it reads there. */
interface Looked {
  readonly rule: Rule;
  readonly reads: Reads;
  readonly without: ReadonlyMap<string, string>;
  /** There is nothing left that it could be held against. */
  readonly isOut: boolean;
}

/** Holds rules against what the servers have: names, then types by Cedar's own validator. */
export function checkRules(rules: readonly Rule[], catalog: Catalog): RuleCheck {
  const looked = rules.map((rule) => lookAt(rule, catalog));
  const findings = looked.map(({ rule, reads }) => [...wrongNames(rule, reads, catalog), ...apart(rule, catalog)]);
  const typed = validated(looked, catalog);
  const all = looked.map(({ rule, without }, index) => {
    const names = findings[index] ?? [];
    const types = typed.filter((each) => each.rule === rule.id);
    const isPartly = without.size > 0 || (catalog.closed.length > 0 && namedActions(rule.json) === undefined);
    const isWrong = [...names, ...types].some((each) => isError(each) && each.message !== NEVER);
    // What a wrong name leads to is not told as well.
    const told = types.filter(
      ({ message }) => (message !== NEVER || !(isPartly || isWrong)) && !(names.some(isError) && FOLLOWS.test(message)),
    );
    return [...names, ...told];
  });
  return { findings: all.flat(), notChecked: [...closedServers(catalog, rules), ...notTyped(looked)] };
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

const NEVER = 'can never apply: its conditions hold for no call that its head lets in';
const FOLLOWS = /^(attribute .* not found|unrecognized action)/;

function lookAt(rule: Rule, catalog: Catalog): Looked {
  const reads = readsOf(rule.json);
  const looks = argumentsIn(reads.looks);
  const about = scopeOf(rule, catalog);
  const without = new Map(
    about.flatMap(({ id, typed }) => {
      const look = looks.find((each) => whyUnchecked(typed, each) !== undefined);
      return look ? [[id, `${argument(look.way)}: ${whyUnchecked(typed, look)}`] as const] : [];
    }),
  );
  return { rule, reads, without, isOut: without.size === about.length };
}

const argument = (way: readonly string[]): string =>
  way.length === 0 ? 'its arguments' : `argument ${quote(way.join('.'))}`;

/** A head whose action and resource do not go together. */
function apart(rule: Rule, { actions }: Catalog): readonly Finding[] {
  const server = namedServer(rule.json);
  const named = (namedActions(rule.json) ?? []).flatMap((id) => actions.get(id) ?? []);
  const [first] = named;
  if (server === undefined || !first || named.some((action) => action.server === server)) return [];
  const heads = `${first.id} is of server ${quote(first.server)}, and its resource is ${quote(server)}`;
  return [finding(rule, `can never apply: ${heads}`)];
}

function validated(looked: readonly Looked[], catalog: Catalog): readonly Finding[] {
  const groups = new Map<string, Looked[]>();
  for (const each of looked.filter(({ isOut }) => !isOut)) {
    const key = [...each.without.keys()].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const schema = schemaOf(catalog, new Set(group[0]?.without.keys()));
    const texts = Object.fromEntries(group.map(({ rule }) => [rule.id, rule.text]));
    const answer = validate({ schema, policies: { staticPolicies: texts } });
    return group.flatMap(({ rule }) => said(answer, rule));
  });
}

/** What the validator says of a rule, once where it says the same for several actions. */
function said(answer: ValidationAnswer, rule: Rule): readonly Finding[] {
  if (answer.type === 'failure')
    return [finding(rule, `cannot be checked: ${answer.errors.map(({ message }) => message).join('; ')}`)];
  const found = new Map<string, { finding: Finding; actions: string[]; help: string }>();
  const take = (severity: Finding['severity'], { error }: (typeof answer.validationErrors)[number]): void => {
    const { text, action } = plain(error.message);
    const isNever = /impossible|unable to find an applicable action/.test(text);
    const message = isNever ? NEVER : text;
    const offset = isNever ? 0 : (error.sourceLocations?.[0]?.start ?? 0);
    const place = within(rule, offset, true);
    const key = `${offset} ${message}`;
    const known = found.get(key) ?? {
      finding: { place, rule: rule.id, severity: isNever ? 'error' : severity, message },
      actions: [],
      help: isNever ? '' : `${plain(error.help ?? '').text}${DECIMAL.test(text) ? HOW_DECIMAL : ''}`,
    };
    if (action !== undefined) known.actions.push(action);
    found.set(key, known);
  };
  const isOf = ({ policyId }: { readonly policyId: string }): boolean => policyId === rule.id;
  answer.validationErrors.filter(isOf).forEach((each) => take('error', each));
  answer.validationWarnings.filter(isOf).forEach((each) => take('warning', each));
  return [...found.values()].map((each) => ({
    ...each.finding,
    message: [`${each.finding.message}${forActions(each.actions)}`, each.help].filter(Boolean).join('; '),
  }));
}

const DECIMAL = /\bdecimal\b/;
const HOW_DECIMAL = 'an argument that may have a fraction is a decimal: compare it by .greaterThan(decimal("50.0"))';

/** Without the id of the rule, which is told beside it, and the action, which may be one of many. */
function plain(message: string): { readonly text: string; readonly action: string | undefined } {
  const action = /(?: in context)? for Action::"((?:[^"\\]|\\.)*)"/.exec(message);
  const text = message.replace(/^for policy `[^`]*`, /, '').replace(action?.[0] ?? '', '');
  return { text, action: action?.[1] };
}

function forActions(actions: readonly string[]): string {
  const [first, ...more] = [...new Set(actions)].sort();
  if (first === undefined) return '';
  return ` for ${first}${more.length === 0 ? '' : ` and ${counted(more.length, 'other')}`}`;
}

function closedServers({ closed }: Catalog, rules: readonly Rule[]): readonly string[] {
  if (closed.length === 0 || rules.length === 0) return [];
  return [`What rules say of the tools of ${closed.join(', ')}, which were not opened.`];
}

const notTyped = (looked: readonly Looked[]): readonly string[] =>
  looked.flatMap(({ rule, without }) => {
    const [first, ...more] = without;
    if (!first) return [];
    const [id, why] = first;
    const others = more.length === 0 ? '' : `, and ${counted(more.length, 'tool')} more`;
    return [`The rule ${quote(rule.id)} for ${id} (${why})${others}.`];
  });
