import fc from 'fast-check';
import type { Governance } from '../../../../protocol/governance.ts';
import type { Verdict } from '../../../../protocol/reviews/reviews.ts';
import { HOUR } from '../../world.ts';
import { pick, record } from '../arbitraries.ts';

/** Somebody does a review, or tries to. */
export interface Reviews {
  readonly do: 'reviews';
  readonly pick: number;
  /** Null is somebody who can. */
  readonly by: string | null;
  readonly verdict: Verdict;
}

export const reviewing: fc.Arbitrary<Reviews> = record({
  do: fc.constant('reviews' as const),
  pick,
  by: fc.constantFrom(null, null, 'ann', 'bob', 'agent', 'drafter@1'),
  verdict: fc.constantFrom('passed' as const, 'passed' as const, 'objection' as const),
});

const mode = fc.constantFrom('rules' as const, 'rules' as const, 'findings' as const, 'person' as const);

/** Who does the reviews of a life. */
export const reviews: fc.Arbitrary<Governance['reviews']> = record({
  session: mode,
  execution: mode,
  compliance: mode,
  extra: mode,
  persons: fc.constantFrom(1, 1, 2),
  due: fc.constantFrom(20_000, 24 * HOUR),
});
