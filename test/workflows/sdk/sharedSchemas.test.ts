import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { shieldSchemas } from '../../../workflows/sdk/sharedSchemas.ts';

/** What the SDK does to all that its workflows share: all that it reaches, except through what is frozen already. */
function freezeDeeply(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || seen.has(value)) return;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) freezeDeeply((value as Record<PropertyKey, unknown>)[key], seen);
  Object.freeze(value);
}

const SCHEMAS = {
  pattern: () => z.string().check(z.regex(/^a+$/)),
  optional: () => z.object({ a: z.optional(z.union([z.string(), z.number()])) }),
};
const VALUES = { pattern: 'aa', optional: { a: 1 } };

test.each(['pattern', 'optional'] as const)(
  'U3: a schema with a %s, frozen by the SDK, throws unless it is shielded',
  (name) => {
    const bare = { fields: [SCHEMAS[name]()] };
    freezeDeeply(bare);
    expect(() => z.safeParse(bare.fields[0]!, VALUES[name])).toThrow(TypeError);

    const shielded = { fields: [SCHEMAS[name]()] };
    shieldSchemas(shielded);
    freezeDeeply(shielded);
    expect(z.safeParse(shielded.fields[0]!, VALUES[name])).toEqual({ success: true, data: VALUES[name] });
    expect(Object.isFrozen(shielded.fields)).toBe(true);
  },
);
