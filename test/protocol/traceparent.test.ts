import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceparentIn } from '../../protocol/values/traceparent.ts';

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });

test('A8: a trace context of version 00 is taken as it is', () => {
  fc.assert(
    fc.property(hex(32), hex(16), hex(2), (trace, span, flags) => {
      const given = `00-${trace}-${span}-${flags}`;
      const isGood = /[^0]/.test(trace) && /[^0]/.test(span);
      expect(traceparentIn(given)).toBe(isGood ? given : undefined);
    }),
  );
});

test.each([
  undefined,
  null,
  7,
  {},
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  '',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n',
  ' 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more',
  `00-${'a'.repeat(100_000)}`,
])('A8: anything else is no trace context: %j', (given) => {
  expect(traceparentIn(given)).toBeUndefined();
});

test('A8: nothing that is taken is longer than a trace context', () => {
  fc.assert(fc.property(fc.string(), (given) => (traceparentIn(given)?.length ?? 55) === 55));
});
