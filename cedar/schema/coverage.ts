import { isObject } from '../../protocol/values/json.ts';
import type { Rule } from '../rules.ts';
import type { Action, Catalog } from './catalog.ts';
import { textsOf, wayOf } from './reads.ts';
import { namedActions, namedServer } from './scope.ts';

/** Which rules can apply to an action, by id. */
export interface Coverage {
  readonly action: string;
  readonly server: string;
  readonly effect: Action['effect'];
  readonly permits: readonly string[];
  readonly forbids: readonly string[];
  readonly approvals: readonly string[];
  /** Of any of these kinds, on trial. */
  readonly trials: readonly string[];
}

/** By the head of each rule, and by what its conditions say of action, server, effect and method. */
export function coverageOf(rules: readonly Rule[], { actions }: Catalog): readonly Coverage[] {
  return [...actions.values()].map((action) => {
    const applying = rules.filter((rule) => mayApply(rule, action));
    const ids = (is: (rule: Rule) => boolean): readonly string[] => applying.filter(is).map(({ id }) => id);
    return {
      action: action.id,
      server: action.server,
      effect: action.effect,
      permits: ids(({ effect, isOnTrial }) => effect === 'permit' && !isOnTrial),
      forbids: ids(({ effect, isOnTrial, approval }) => effect === 'forbid' && !isOnTrial && !approval),
      approvals: ids(({ approval, isOnTrial }) => approval !== undefined && !isOnTrial),
      trials: ids(({ isOnTrial }) => isOnTrial),
    };
  });
}

/** False where no call of the action meets the rule; true where one may. */
export function mayApply({ json }: Rule, action: Action): boolean {
  const named = namedActions(json);
  if (named && !named.includes(action.id)) return false;
  const server = namedServer(json);
  if (server !== undefined && server !== action.server) return false;
  return json.conditions.every(({ kind, body }) => holds(body, action) !== (kind === 'unless'));
}

/** Whether an expression holds for all calls of an action, or for none; undefined where that is not known. */
function holds(expression: unknown, action: Action): boolean | undefined {
  if (!isObject(expression)) return undefined;
  const [operator = '', operands] = Object.entries(expression)[0] ?? [];
  if (operator === 'Value') return typeof operands === 'boolean' ? operands : undefined;
  if (!isObject(operands)) return undefined;
  const { left, right, arg } = operands;
  const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);
  switch (operator) {
    case '!':
      return not(holds(arg, action));
    case '&&':
      return not(either(not(holds(left, action)), not(holds(right, action))));
    case '||':
      return either(holds(left, action), holds(right, action));
    case '==':
      return same(left, right, action);
    case '!=':
      return not(same(left, right, action));
    case 'contains': {
      const [word, words] = [wordOf(right, action), literals(left)];
      return word === undefined ? undefined : words?.includes(word);
    }
    default:
      return undefined;
  }
}

/** A set of texts that are all written out. */
function literals(node: unknown): readonly string[] | undefined {
  const members = isObject(node) ? [node.Set ?? node.Value].flat() : [];
  const texts = textsOf(node);
  return texts.length === members.length && texts.length > 0 ? texts : undefined;
}

const either = (one: boolean | undefined, other: boolean | undefined): boolean | undefined =>
  one === true || other === true ? true : one === false && other === false ? false : undefined;

function same(left: unknown, right: unknown, action: Action): boolean | undefined {
  const [one, other] = [wordOf(left, action), wordOf(right, action)];
  return one === undefined || other === undefined ? undefined : one === other;
}

/** What is known of an operand before any call: a literal, or what the action says. */
function wordOf(operand: unknown, { id, server, effect, method }: Action): string | undefined {
  if (!isObject(operand)) return undefined;
  const value = operand.Value;
  if (typeof value === 'string') return value;
  if (isObject(value) && isObject(value.__entity))
    return entity(String(value.__entity.type), String(value.__entity.id));
  const way = wayOf(operand)?.join('.');
  if (way === 'action') return entity('Action', id);
  if (way === 'resource') return entity('Server', server);
  return way === 'context.effect' ? effect : way === 'context.method' ? (method ?? 'tools/call') : undefined;
}

const entity = (type: string, id: string): string => `${type}::${id}`;
