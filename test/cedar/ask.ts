import { directEngine } from '../../cedar/engine/direct.ts';
import type { Engine } from '../../cedar/engine/engine.ts';
import { Policy } from '../../cedar/policy.ts';
import type { PolicyQuestion } from '../../cedar/request.ts';
import type { PolicyDocument, PolicyTerms } from '../../protocol/calls/policy.ts';

export const terms = (rest: Partial<PolicyTerms> = {}): PolicyTerms => ({
  set: 'set',
  agent: { id: 'clerk', version: '1.0.0' },
  labels: { team: 'docs' },
  startedBy: 'ann',
  person: 'ann.smith',
  totals: { calls: 3, denials: 0, minutes: 7, restarts: 0, spent: 5, reserved: 2, free: 90 },
  at: Date.UTC(2026, 10, 27, 18, 30),
  ...rest,
});

export const question = (rest: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  server: 'bank',
  tool: 'pay',
  args: { to: 'bob', amount: 100 },
  effect: 'irreversible',
  actor: 'clerk',
  attempt: 1,
  isCompensation: false,
  isApproved: false,
  terms: terms(),
  ...rest,
});

export const documentOf = (text: string, rest: Partial<PolicyDocument> = {}): PolicyDocument => ({
  default: 'allow',
  mode: 'enforce',
  files: [{ name: 'rules.cedar', text }],
  ...rest,
});

export async function policyOf(
  text: string,
  rest: Partial<PolicyDocument> = {},
  engine: Engine = directEngine(),
): Promise<Policy> {
  const loaded = await Policy.load(documentOf(text, rest), engine);
  if (loaded.problems) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}
