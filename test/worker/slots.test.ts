import { expect, test } from 'vitest';
import { slotsOf } from '../../worker/slots.ts';

test('so many calls get a slot, the next one is told that none is free, and one given back can be taken once', () => {
  const slots = slotsOf(2);
  expect(slots.count).toBe(2);
  const [first, second] = [slots.take(), slots.take()];
  expect(slots.take()).toBeUndefined();
  first?.();
  first?.();
  expect(slots.take()).toBeTypeOf('function');
  expect(slots.take()).toBeUndefined();
  second?.();
  expect(slots.take()).toBeTypeOf('function');
});
