import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesOf } from '../../../gateway/mcp/mirror/names.ts';

const offer = fc.record({
  server: fc.constantFrom('a', 'a_', 'a__b', 'files'),
  name: fc.oneof(
    fc.constantFrom('b', 'b__c', '_b', 'custody_wait', 'read.file', 'x'.repeat(70), 'x'.repeat(71), '文'),
    fc.string({ minLength: 1, maxLength: 80 }),
  ),
});
const offers = fc.uniqueArray(offer, { selector: ({ server, name }) => `${server}.${name}`, maxLength: 20 });

test(
  'G2: whatever servers call their tools, each has a name of its own that every client takes, and the same one ' +
    'each time',
  () => {
    fc.assert(
      fc.property(offers, fc.boolean(), (given, isOneServer) => {
        const mine = isOneServer ? given.filter(({ server }) => server === 'files') : given;
        const names = namesOf(mine, isOneServer, ['custody_wait']);
        expect(names.size).toBe(mine.length);
        for (const name of names.keys()) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(names.has('custody_wait')).toBe(false);
        const again = namesOf([...mine].reverse(), isOneServer, ['custody_wait']);
        for (const [name, each] of names) expect(again.get(name)).toEqual(each);
      }),
    );
  },
);

test('G2: names stay as they are with one server, and carry the name of theirs with several', () => {
  expect([...namesOf([{ server: 'files', name: 'read' }], true).keys()]).toEqual(['read']);
  expect([...namesOf([{ server: 'files', name: 'read' }], false).keys()]).toEqual(['files__read']);
  expect([...namesOf([{ server: 'files', name: 'read.me' }], true).keys()]).toEqual([
    expect.stringMatching(/^read_me_[0-9a-f]{8}$/),
  ]);
});
