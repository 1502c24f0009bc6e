import fc from 'fast-check';
import { expect, test } from 'vitest';
import { life } from './lives.ts';
import { Model } from './model.ts';

test('L1, L4, T1, T2, E2, E3, E4: whatever happens to a session, in whatever order, its rules hold', () => {
  let noticed = 0;
  fc.assert(
    fc.property(life, (each) => {
      noticed += Model.live(each).noticed; // throws where a rule is broken
    }),
    { numRuns: 300 },
  );
  expect(noticed).toBeGreaterThan(0);
}, 400_000);
