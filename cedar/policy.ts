import type { PolicyDecision, PolicyDocument, Verdict } from '../protocol/calls/policy.ts';
import { digestOf } from '../protocol/values/digest.ts';
import type { Json } from '../protocol/values/json.ts';
import type { Engine, Said } from './engine/engine.ts';
import { cedarRequest, type CedarRequest, type PolicyQuestion } from './request.ts';
import { BY_DEFAULT, type Rule, rulesOf, type RuleProblem } from './rules.ts';

/** SHA-256 of the RFC 8785 form of a set of rules. */
export const policyHash = (document: PolicyDocument): string => digestOf(document as unknown as Json);

/** A set of rules, ready to decide. */
export class Policy {
  readonly document: PolicyDocument;
  readonly hash: string;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly #engine: Engine;
  readonly #hasTrials: boolean;

  private constructor(document: PolicyDocument, rules: readonly Rule[], engine: Engine) {
    this.document = document;
    this.hash = policyHash(document);
    this.rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#engine = engine;
    this.#hasTrials = rules.some(({ isOnTrial }) => isOnTrial);
  }

  /** @returns what is wrong with the text of the rules, where something is */
  static async load(
    document: PolicyDocument,
    engine: Engine,
  ): Promise<
    { readonly policy: Policy; readonly problems?: undefined } | { readonly problems: readonly RuleProblem[] }
  > {
    const { rules, problems } = rulesOf(document);
    if (problems.length > 0) return { problems };
    const policy = new Policy(document, rules, engine);
    for (const withTrials of policy.#hasTrials ? [false, true] : [false]) {
      for (const withApprovals of [true, false]) {
        const set = rules.filter((each) => (withTrials || !each.isOnTrial) && (withApprovals || !each.approval));
        await engine.prepare(policy.#setOf(withTrials, withApprovals), policy.#textsOf(set));
      }
    }
    return { policy };
  }

  /** Decides. The same question has the same verdict, whoever asks and whenever. */
  async decide(question: PolicyQuestion): Promise<PolicyDecision> {
    const request = cedarRequest(question);
    const { isApproved, approvedBy = Infinity } = question;
    const approvals = isApproved ? approvedBy : 0;
    const { said, verdict } = await this.#judge(request, approvals, false);
    const trial = this.#hasTrials ? await this.#judge(request, approvals, true) : undefined;
    const isNews = trial && (trial.verdict !== verdict || String(trial.said.rules) !== String(said.rules));
    return {
      verdict,
      // What would have been is no reason where something could not be evaluated.
      rules: said.errors.length > 0 ? [] : said.rules,
      ...(said.errors.length > 0 ? { errors: said.errors } : {}),
      ...(isNews ? { trial: { verdict: trial.verdict, rules: trialRules(trial.said) } } : {}),
      ...(this.document.mode === 'log-only' ? { logOnly: true } : {}),
      engine: this.#engine.name,
    };
  }

  /** How many must approve, and for how long they may be asked: the strictest of the rules that ask. */
  approvalOf(rules: readonly string[]): { readonly persons: number; readonly expires: number } {
    const asked = rules.flatMap((id) => this.rules.get(id)?.approval ?? []);
    return {
      persons: Math.max(1, ...asked.map(({ persons }) => persons)),
      expires: Math.min(...asked.map(({ expires }) => expires)),
    };
  }

  /**
   * Where nothing but rules with `@approval` forbid a call that is allowed without them, persons are asked; once as
   * many have approved as these rules want now, it is allowed.
   */
  async #judge(
    request: CedarRequest,
    approvals: number,
    withTrials: boolean,
  ): Promise<{ readonly said: Said; readonly verdict: Verdict }> {
    const said = withoutDefault(await this.#engine.ask(this.#setOf(withTrials, true), request));
    if (said.allows) return { said, verdict: 'allow' };
    const isAsking = said.rules.length > 0 && said.rules.every((id) => this.rules.get(id)?.approval);
    if (said.errors.length > 0 || !isAsking) return { said, verdict: 'deny' };
    const otherwise = withoutDefault(await this.#engine.ask(this.#setOf(withTrials, false), request));
    if (!otherwise.allows) return { said: otherwise, verdict: 'deny' };
    const isEnough = approvals >= this.approvalOf(said.rules).persons;
    return { said, verdict: isEnough ? 'allow' : 'needs_approval' };
  }

  #setOf(withTrials: boolean, withApprovals: boolean): string {
    return `${this.hash}/${withTrials ? 'all' : 'enforced'}/${withApprovals ? 'asking' : 'approved'}`;
  }

  #textsOf(rules: readonly Rule[]): Readonly<Record<string, string>> {
    const byDefault = { [BY_DEFAULT]: 'permit(principal, action, resource);' };
    return {
      ...(this.document.default === 'allow' ? byDefault : {}),
      ...Object.fromEntries(rules.map(({ id, text }) => [id, text])),
    };
  }
}

/** What allows by default is named only where nothing else allows. */
function withoutDefault(said: Said): Said {
  const rules = said.rules.filter((id) => id !== BY_DEFAULT);
  return rules.length > 0 ? { ...said, rules } : said;
}

const trialRules = ({ rules, errors }: Said): readonly string[] => [
  ...new Set([...rules, ...errors.map(({ rule }) => rule)]),
];
