import type { Again } from '../../cedar/recorded.ts';
import { cedarRequest, type CedarRequest } from '../../cedar/request.ts';
import type { Rule } from '../../cedar/rules.ts';
import { nameOf } from '../../protocol/calls/call.ts';
import type { PolicyDecision } from '../../protocol/calls/policy.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { RecordedSession } from './history.ts';

/** Why one attempt of a call was allowed, or was not. */
export interface Explained {
  readonly callId: string;
  readonly attempt: number;
  readonly call: string;
  readonly at: string;
  readonly ended: string | null;
  readonly decision: PolicyDecision | null;
  /** SHA-256 of the set; null where the session has none. */
  readonly set: string | null;
  readonly default: 'allow' | 'deny' | null;
  /** The rules that made the decision, or could not be evaluated, or are on trial, with their texts. */
  readonly rules: readonly (Pick<Rule, 'id' | 'effect' | 'text' | 'place' | 'isOnTrial'> & {
    readonly says: string | null;
  })[];
  /** What the rules were asked, with long values cut; null where it cannot be had. */
  readonly asked: (Omit<CedarRequest, 'entities'> & { readonly principalAttributes: unknown }) | null;
  /** Why something of this is not there, or that the decision cannot be made again. */
  readonly remarks: readonly string[];
}

/** @throws CustodyError CALL_NOT_FOUND */
export async function explain(
  { session, attempts, policies }: RecordedSession,
  callId: string,
): Promise<readonly Explained[]> {
  const own = attempts.filter(({ intent }) => intent.callId === callId);
  if (own.length === 0)
    throw new CustodyError(
      'CALL_NOT_FOUND',
      `The history of session '${session}' has no attempt of a call '${callId}'.`,
    );
  const explained: Explained[] = [];
  for (const attempt of own) {
    const { intent, decision, ended, at } = attempt;
    const again = await policies.decide(attempt);
    const policy = intent.policy ? await policies.policy(intent.policy.set) : 'the session has no rules';
    const ids = [
      ...(decision?.rules ?? []),
      ...(decision?.errors ?? []).map(({ rule }) => rule),
      ...(decision?.trial?.rules ?? []),
    ];
    const found = typeof policy === 'string' ? [] : [...new Set(ids)].flatMap((id) => policy.rules.get(id) ?? []);
    explained.push({
      callId,
      attempt: intent.attempt,
      call: nameOf(intent),
      at,
      ended,
      decision,
      set: intent.policy?.set ?? null,
      default: typeof policy === 'string' ? null : policy.document.default,
      rules: found.map(({ id, effect, text, place, isOnTrial, says = null }) => ({
        id,
        effect,
        text,
        place,
        isOnTrial,
        says,
      })),
      asked: 'skipped' in again ? null : askedOf(cedarRequest(again.question)),
      remarks: remarksOn(again),
    });
  }
  return explained;
}

function remarksOn(again: Again): readonly string[] {
  if ('skipped' in again) return [again.skipped];
  if (again.isSame) return [];
  const { verdict, rules } = again.now;
  const now = `decided once more it is ${verdict}, by ${rules.join(', ') || 'no rule'}`;
  return [`${now}: the record was altered, or these were not the rules`];
}

const askedOf = ({ principal, action, resource, context, entities }: CedarRequest): Explained['asked'] => {
  const [agent] = entities;
  const attributes = { ...agent?.attrs, tags: agent?.tags ?? {} };
  return {
    principal,
    action,
    resource,
    context: cut(context) as CedarRequest['context'],
    principalAttributes: attributes,
  };
};

/** Characters of a text, and members of a list, that are shown. */
const TEXT = 300;
const MEMBERS = 20;

/** A value with what is too long to be shown cut, and told. */
function cut(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > TEXT ? `${value.slice(0, TEXT)}… (${value.length} characters)` : value;
  if (Array.isArray(value)) {
    const rest = value.length > MEMBERS ? [`… and ${value.length - MEMBERS} more`] : [];
    return [...value.slice(0, MEMBERS).map(cut), ...rest];
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value);
  const rest = members.length > MEMBERS ? [['…', `and ${members.length - MEMBERS} more`] as const] : [];
  return Object.fromEntries([...members.slice(0, MEMBERS).map(([name, each]) => [name, cut(each)] as const), ...rest]);
}
