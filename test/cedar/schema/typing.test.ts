import { describe, expect, test } from 'vitest';
import { decimalsIn } from '../../../activities/schema/decimals.ts';
import { typed } from '../../../cedar/schema/typing.ts';

const of = (properties: object, more: object = {}) => {
  const schema = { type: 'object', properties, ...more };
  const { attributes, unchecked } = typed(schema, decimalsIn(schema));
  return { attributes, unchecked: Object.fromEntries(unchecked) };
};

describe('P1: the arguments of a tool in types of Cedar', () => {
  test.each([
    ['text', { type: 'string' }, { type: 'String' }],
    ['true or false', { type: 'boolean' }, { type: 'Boolean' }],
    ['a whole number', { type: 'integer' }, { type: 'Long' }],
    ['a number', { type: 'number' }, { type: 'Extension', name: 'decimal' }],
    ['one of some texts', { enum: ['a', 'b'] }, { type: 'String' }],
    ['one text', { const: 'a' }, { type: 'String' }],
    ['text or nothing', { type: ['string', 'null'] }, { type: 'String' }],
    ['text or nothing, as alternatives', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'String' }],
    ['a list', { type: 'array', items: { type: 'integer' } }, { type: 'Set', element: { type: 'Long' } }],
    [
      'an object',
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      { type: 'Record', attributes: { a: { type: 'String', required: true } } },
    ],
  ])('%s', (_, schema, type) => {
    expect(of({ x: schema })).toEqual({ attributes: { x: { ...type, required: false } }, unchecked: {} });
  });

  test('what must be there is there, unless it may be null', () => {
    const nullable = { type: ['string', 'null'] };
    const { attributes } = of({ a: { type: 'string' }, b: nullable }, { required: ['a', 'b'] });
    expect([attributes.a?.required, attributes.b?.required]).toEqual([true, false]);
  });

  test.each([
    ['anything', {}],
    ['several kinds', { type: ['string', 'boolean'] }],
    ['alternatives', { anyOf: [{ type: 'string' }, { type: 'boolean' }] }],
    ['a reference', { $ref: '#/$defs/a' }],
    ['an object of anything', { type: 'object' }],
    ['a list of anything', { type: 'array' }],
    ['no schema', true],
  ])('%s is not checked, and the others are', (_, schema) => {
    const { attributes, unchecked } = of({ x: schema, y: { type: 'string' } });
    expect([Object.keys(attributes), Object.keys(unchecked)]).toEqual([['y'], ['x']]);
  });

  test('a schema that takes more than it names says so', () => {
    expect(of({}, { additionalProperties: { type: 'string' } }).unchecked).toHaveProperty('*');
    expect(of({}, { additionalProperties: false }).unchecked).toEqual({});
  });

  test.each([[undefined], [null], [[]], [{ anyOf: [] }], [{ $ref: '#' }]])('of %j nothing is known', (schema) => {
    expect([...typed(schema, []).unchecked.keys()]).toEqual(['']);
  });

  test('a schema of a server that is huge or deep costs little', () => {
    let deep: object = { type: 'string' };
    for (let depth = 0; depth < 5000; depth += 1) deep = { type: 'object', properties: { a: deep } };
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`p${n}`, { type: 'string' }]));
    expect(Object.keys(of({ deep }).attributes)).toEqual([]);
    expect(Object.keys(of(wide).attributes).length).toBeLessThan(2001);
  });
});
