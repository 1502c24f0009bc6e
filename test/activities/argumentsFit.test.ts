import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemOfArguments } from '../../activities/schema/argumentsFit.ts';
import type { JsonObject } from '../../protocol/values/json.ts';

const FILE = {
  type: 'object',
  properties: { path: { type: 'string' }, mode: { enum: ['r', 'w'] }, lines: { type: 'integer' } },
  required: ['path'],
  additionalProperties: false,
};

describe('E1: arguments are held against the schema of their tool', () => {
  test.each<[string, JsonObject, object, string]>([
    ['a missing one', {}, FILE, '"path" is missing'],
    [
      'a mistyped one that is required',
      { pth: 'a' },
      FILE,
      '"path" is missing; there is "pth", which it does not know; did you mean "path"?',
    ],
    ['an unknown one', { path: 'a', lnes: 1 }, FILE, 'it knows no "lnes"; did you mean "lines"?'],
    ['one like no other', { path: 'a', zzzzzzzz: 1 }, FILE, 'it knows no "zzzzzzzz"; it knows "path", "mode", "lines"'],
    ['another type', { path: 7 }, FILE, '"path" must be string, and is number'],
    ['no integer', { path: 'a', lines: 1.5 }, FILE, '"lines" must be integer, and is number'],
    ['another value', { path: 'a', mode: 'x' }, FILE, '"mode" must be one of "r", "w"'],
    [
      'one deep inside',
      { list: [{ n: 1 }, { n: 'x' }] },
      { properties: { list: { items: { properties: { n: { type: ['number', 'null'] } } } } } },
      '"list[1].n" must be number or null, and is string',
    ],
    [
      'a mistyped one of an open schema',
      { pth: 'a' },
      { type: 'object', properties: { path: {}, mode: {} } },
      'it knows no "pth"; did you mean "path"?',
    ],
  ])('%s is named', (_, args, schema, problem) => {
    expect(problemOfArguments(args, schema)).toBe(problem);
  });

  test.each<[string, JsonObject, unknown]>([
    ['all is well', { path: 'a', mode: 'r', lines: 3 }, FILE],
    ['the schema is open', { path: 'a', colour: 'red' }, { ...FILE, additionalProperties: undefined }],
    ['it takes what it does not know', { path: 'a', mod: 'x' }, { ...FILE, additionalProperties: {} }],
    ['it is a reference', { a: 1 }, { properties: { a: { $ref: '#/$defs/b', type: 'string' } } }],
    ['a null may be', { a: null }, { properties: { a: { type: 'string', nullable: true } } }],
    [
      'its items follow others',
      { a: ['x', 1] },
      { properties: { a: { prefixItems: [{}], items: { type: 'number' } } } },
    ],
    ['it is none', { a: 1 }, { type: 7, required: 'a', properties: [], enum: 'x' }],
    ['there is none', { a: 1 }, undefined],
    ['its types are unknown', { a: 1 }, { properties: { a: { type: 'any' } } }],
  ])('nothing is said where %s', (_, args, schema) => {
    expect(problemOfArguments(args, schema)).toBeUndefined();
  });

  test('whatever a server calls a schema, and whatever is asked: it is looked at once, and never throws', () => {
    const json = fc.jsonValue() as fc.Arbitrary<never>;
    const schema = fc.oneof(
      json,
      fc.record({ type: json, enum: json, required: json, properties: json, items: json, additionalProperties: json }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), schema, (args, given) => {
        expect(['string', 'undefined']).toContain(typeof problemOfArguments(args, given));
      }),
    );
  });

  test('many names and values that nothing knows are no work: few are compared', () => {
    const many = (of: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${of}${n}`, n]));
    const began = performance.now();
    problemOfArguments(many('argument', 50_000), { properties: many('property', 5000) });
    problemOfArguments(
      { a: Array(5000).fill({}) },
      { properties: { a: { items: { enum: Array(5000).fill({ b: 1 }) } } } },
    );
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('a schema made to keep a worker busy does not: its patterns and references are not followed', () => {
    const text = 'a'.repeat(50_000);
    const evil = { properties: { a: { type: 'string', pattern: '^(a+)+$', anyOf: [{ $ref: '#' }, { $ref: '#' }] } } };
    expect(problemOfArguments({ a: `${text}!` }, evil)).toBeUndefined();
  });
});
