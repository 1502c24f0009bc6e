import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Model } from '../model.ts';
import { paying } from './paying.ts';

test('C1, C2, C3: no life passes its budget or loses a millionth, whatever happens to its calls', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(paying, (each) => {
      for (const what of Model.live(each).seen.paid) seen.add(what); // throws where a rule is broken
    }),
    { numRuns: 300 },
  );
  expect([...seen].sort()).toEqual(['alert', 'charge', 'excess', 'resolved', 'short', 'topUp', 'undone']);
}, 400_000);
