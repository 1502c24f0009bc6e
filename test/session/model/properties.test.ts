import fc from 'fast-check';
import { test } from 'vitest';
import { life } from './lives.ts';
import { Model } from './model.ts';

test('L1, L4, T1, T2, E2, E3, E4: whatever happens to a session, in whatever order, its rules hold', () => {
  fc.assert(
    fc.property(life, (each) => {
      Model.live(each); // throws where a rule is broken
    }),
    { numRuns: 300 },
  );
}, 400_000);
