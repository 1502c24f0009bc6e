import fc from 'fast-check';
import { expect, test } from 'vitest';
import { life } from '../lives.ts';
import { Model } from '../model.ts';

test('P4: no session passes AUDIT, or ends, with a review that is not done, and nobody reviews what they did', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(life, (each) => {
      for (const how of Model.live(each).seen.reviewed) seen.add(how); // throws where a rule is broken
    }),
    { numRuns: 150 },
  );
  // The lives are rich enough to say something.
  expect([...seen].sort()).toEqual(
    ['end', 'extra'].flatMap((which) =>
      ['persons: objection', 'persons: passed', 'rules: findings', 'rules: passed'].map((how) => `${which} by ${how}`),
    ),
  );
}, 400_000);
