import type { AuthorizationAnswer, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { RuleError } from '../../protocol/calls/policy.ts';
import type { CedarRequest } from '../request.ts';

/** What Cedar says to a request. */
export interface Said {
  readonly allows: boolean;
  /** Ids of the rules that made it. */
  readonly rules: readonly string[];
  readonly errors: readonly RuleError[];
}

/** Something that evaluates rules. */
export interface Engine {
  /** Name and version. */
  readonly name: string;
  /** Keeps rules by id under the name of a set. They were read before: they can be parsed. */
  prepare(set: string, rules: Readonly<Record<string, string>>): Promise<void>;
  /** Never throws: what cannot be evaluated is an error among what is said, and allows nothing. */
  ask(set: string, request: CedarRequest): Promise<Said>;
}

/** Characters of an error that stay on record. */
const MOST = 300;

export const cedarCall = (set: string, request: CedarRequest): StatefulAuthorizationCall => ({
  ...request,
  preparsedPolicySetId: set,
  validateRequest: false,
});

/** Cedar skips a rule that it cannot evaluate, a forbid as well: what it then allows is not allowed. */
export function saidBy(answer: AuthorizationAnswer): Said {
  if (answer.type === 'failure') return unevaluated(...answer.errors.map(({ message }) => message));
  const { decision, diagnostics } = answer.response;
  const errors = diagnostics.errors
    .map(({ policyId, error }) => ({ rule: policyId, message: short(error.message) }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
  return { allows: decision === 'allow' && errors.length === 0, rules: [...diagnostics.reason].sort(), errors };
}

export const unevaluated = (...why: readonly string[]): Said => ({
  allows: false,
  rules: [],
  errors: why.map((message) => ({ rule: '', message: short(message) })),
});

const short = (message: string): string => message.slice(0, MOST);
