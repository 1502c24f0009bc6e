import type { PolicyDocument } from '../protocol/calls/policy.ts';
import { CustodyError } from '../protocol/errors.ts';
import { counted } from '../protocol/values/text.ts';
import type { Engine } from './engine/engine.ts';
import { Policy } from './policy.ts';
import type { RuleProblem } from './rules.ts';

/** Problems that are listed. */
const MOST = 100;

/**
 * The sets of rules of all profiles, by hash, ready to decide.
 * @throws CustodyError POLICY_INVALID with every problem, its file, line and column
 */
export async function loadPolicySets(
  documents: { readonly [profile: string]: PolicyDocument },
  engine: Engine,
): Promise<ReadonlyMap<string, Policy>> {
  const sets = new Map<string, Policy>();
  const problems: RuleProblem[] = [];
  for (const document of Object.values(documents)) {
    const loaded = await Policy.load(document, engine);
    if (loaded.problems) problems.push(...loaded.problems);
    else sets.set(loaded.policy.hash, loaded.policy);
  }
  if (problems.length > 0) throw new CustodyError('POLICY_INVALID', listing(problems));
  return sets;
}

/** One line for each problem: `file:line:col  what is wrong`. A file that two profiles name is told of once. */
export function listing(problems: readonly RuleProblem[]): string {
  const lines = [
    ...new Set(problems.map(({ place, message }) => `  ${place.file}:${place.line}:${place.col}  ${message}`)),
  ];
  const more = lines.length > MOST ? [`  … and ${lines.length - MOST} more`] : [];
  return [`${counted(lines.length, 'problem')} in the rules:`, ...lines.slice(0, MOST), ...more].join('\n');
}
