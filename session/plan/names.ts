import type { PlanStep } from '../../protocol/spec.ts';
import { referencesIn } from '../../protocol/values/references.ts';

/** Is it the id of a step of a plan? */
export const isOfPlan = (callId: string): boolean => /^plan[/~]/.test(callId);

/** The names that any step of a plan refers to: their results are kept. */
export const namesUsedBy = (plan: readonly PlanStep[]): ReadonlySet<string> =>
  new Set(
    plan
      .flatMap((step): readonly PlanStep[] => ('parallel' in step ? step.parallel : [step]))
      .flatMap((leaf) => ('call' in leaf ? referencesIn(leaf.args ?? {}).map(({ name }) => name) : [])),
  );
