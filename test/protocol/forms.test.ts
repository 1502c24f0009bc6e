import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemOfContent } from '../../protocol/calls/forms.ts';
import type { JsonObject } from '../../protocol/values/json.ts';

const of = (field: unknown, value: unknown): string | undefined =>
  problemOfContent({ properties: { a: field } } as JsonObject, { a: value } as JsonObject);

describe('E8, U4: the form of a hostile server', () => {
  const keyword = fc.constantFrom(
    'type',
    'enum',
    'const',
    'items',
    'oneOf',
    'anyOf',
    'allOf',
    'not',
    'if',
    'then',
    '$ref',
    '$recursiveRef',
    '$id',
    '$anchor',
    'pattern',
    'format',
    'multipleOf',
    'minLength',
    'maximum',
    'required',
    'properties',
    'additionalProperties',
    'patternProperties',
    '__proto__',
    'constructor',
    '\ud800',
  );
  const word = fc.constantFrom(
    'string',
    'array',
    'object',
    'integer',
    '#',
    'a',
    '(a+)+$',
    'http://127.0.0.1:1/x',
    0,
    -1,
  );
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(word, fc.jsonValue()),
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.dictionary(keyword, tie('schema'), { maxKeys: 5 }),
    ),
  }));
  const content = fc.dictionary(fc.oneof(keyword, fc.string({ unit: 'binary' })), fc.jsonValue());

  test('is taken for what can be checked of it: nothing throws, nothing is followed', () => {
    fc.assert(
      fc.property(fc.dictionary(keyword, schema), content, (form, given) => {
        const problem = problemOfContent(form as JsonObject, given as JsonObject);
        expect(problem === undefined || problem.length > 10).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['a reference to itself', { type: 'string', $ref: '#' }],
    ['a reference to elsewhere', { type: 'string', $ref: 'http://127.0.0.1:1/schema.json' }],
    ['a pattern', { type: 'string', pattern: '(x+)+$' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['a format', { type: 'string', format: 'email' }],
    ['a condition', { type: 'string', if: {}, then: false }],
    ['a bound that is no number', { type: 'string', maxLength: 'none' }],
  ])('is left to the server where it has %s', (_what, field) => {
    expect(of(field, `${'x'.repeat(50)}!`)).toBeUndefined();
    expect(of(field, 1)).toBe("the field 'a' must be a text");
  });

  test('with thousands of choices is checked at once, and its sentence stays short', () => {
    const items = { oneOf: Array.from({ length: 5000 }, (_, n) => ({ const: `c${n}`, title: `Choice ${n}` })) };
    const given = Array.from({ length: 5000 }, (_, n) => `c${4999 - n}`);
    expect(of({ type: 'array', items }, given)).toBeUndefined();
    expect(of({ type: 'array', items }, [...given, 'd'])).toMatch(
      /^the field 'a' must be one of c0, c1, .* and 4950 more$/,
    );
  });
});

test.each([
  [{ type: 'number', exclusiveMinimum: 1 }, 1, 'must be more than 1'],
  [{ type: 'number', exclusiveMaximum: 1 }, 1, 'must be less than 1'],
  [{ type: 'integer' }, 1.5, 'must be a whole number'],
  [{ type: 'string', minLength: 2 }, '😀', 'must have at least 2 characters'],
  [{ type: 'string', enum: [1, null] }, '1', 'must be one of 1, null'],
  [{ type: 'array' }, [1], 'must be a list of texts'],
  [{ type: 'object' }, {}, 'must be a text, a number, true or false'],
])('E8: the field %j does not take %j', (field, value, problem) => {
  expect(of(field, value)).toBe(`the field 'a' ${problem}`);
});
