import { FORM, MODEL, ROOTS } from './form.ts';
import { describe, expect, test } from 'vitest';
import { type Asks, readResponses } from '../../../protocol/calls/asks.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';

describe('E8: a response', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2, maxLength: 5 },
      colour: { type: 'string', enum: ['red', 'blue'] },
      size: { type: 'string', oneOf: [{ const: 's', title: 'Small' }] },
      count: { type: 'integer', minimum: 1, maximum: 3 },
      share: { type: 'number' },
      sure: { type: 'boolean' },
      parts: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string', enum: ['a', 'b'] } },
      titled: { type: 'array', items: { anyOf: [{ const: 'x', title: 'X' }] } },
      odd: {},
    },
    required: ['name'],
  };
  const one: Asks = { forms: [{ key: 'k', message: '?', schema }] };
  const read = (given: JsonObject, asks = one) => {
    const result = readResponses(asks, given);
    return result.ok ? result.responses : result.problem;
  };

  test.each<[JsonObject, string | RegExp]>([
    [{}, "the field 'name' is required"],
    [{ name: 'Ann', other: 1 }, /there is no field 'other'; the fields are name, colour/],
    [{ name: 1 }, "the field 'name' must be a text"],
    [{ name: 'A' }, "the field 'name' must have at least 2 characters"],
    [{ name: 'Annabel' }, "the field 'name' must have at most 5 characters"],
    [{ name: 'Ann', colour: 'green' }, "the field 'colour' must be one of red, blue"],
    [{ name: 'Ann', size: 'Small' }, "the field 'size' must be one of s"],
    [{ name: 'Ann', count: 1.5 }, "the field 'count' must be a whole number"],
    [{ name: 'Ann', count: 4 }, "the field 'count' must be at most 3"],
    [{ name: 'Ann', count: 0 }, "the field 'count' must be at least 1"],
    [{ name: 'Ann', share: '1' }, "the field 'share' must be a number"],
    [{ name: 'Ann', sure: 'true' }, "the field 'sure' must be true or false"],
    [{ name: 'Ann', parts: 'a' }, "the field 'parts' must be a list of texts"],
    [{ name: 'Ann', parts: ['a', 'c'] }, "the field 'parts' must be one of a, b"],
    [{ name: 'Ann', parts: [] }, "the field 'parts' must have at least 1 choices"],
    [{ name: 'Ann', titled: ['X'] }, "the field 'titled' must be one of x"],
    [{ name: 'Ann', odd: {} }, "the field 'odd' must be a text, a number, true or false"],
    [{ name: 'Ann', __proto__: 1, constructor: 1 }, /there is no field 'constructor'/],
    [{ action: 'accept' }, "the field 'name' is required"],
  ])('%j is refused', (given, problem) => {
    expect(read(given)).toMatch(problem);
  });

  test.each<[JsonObject, object]>([
    [
      { name: 'Ann', colour: 'red', size: 's', count: 3, share: 0.5, sure: false, parts: ['b'], titled: ['x'], odd: 1 },
      { action: 'accept' },
    ],
    [
      { action: 'accept', content: { name: '😀😀' } },
      { action: 'accept', content: { name: '😀😀' } },
    ],
    [{ action: 'decline' }, { action: 'decline' }],
    [{ action: 'cancel' }, { action: 'cancel' }],
  ])('%j is taken', (given, taken) => {
    expect(read(given)).toMatchObject([{ key: 'k', response: taken }]);
  });

  test('to several forms is given by key, or declines all', () => {
    const two: Asks = { forms: [FORM, { key: '__proto__', message: '?', schema }] };
    expect(read({ action: 'decline' }, two)).toEqual([
      { key: 'order', response: { action: 'decline' } },
      { key: '__proto__', response: { action: 'decline' } },
    ]);
    expect(
      read(JSON.parse('{"order":{"confirm":true},"__proto__":{"action":"cancel"}}') as JsonObject, two),
    ).toMatchObject([{ response: { content: { confirm: true } } }, { response: { action: 'cancel' } }]);
    expect(read({ order: { confirm: true } }, two)).toBe("__proto__: it has no response to '__proto__'");
    expect(read(JSON.parse('{"order":{"confirm":true},"__proto__":{"name":"Ann"},"more":1}') as JsonObject, two)).toBe(
      "'more' was not asked; there are order, __proto__",
    );
  });

  test('in part is given by key, and need not have all of them', () => {
    const asks: Asks = { forms: [FORM, MODEL, ROOTS], given: [{ key: 'order', response: { action: 'decline' } }] };
    const part = (given: JsonObject) => {
      const result = readResponses(asks, given, true);
      return result.ok ? result.responses : result.problem;
    };
    const folders = { roots: [{ uri: 'file:///work', name: 'Work' }] };
    expect(part({ folders })).toEqual([{ key: 'folders', response: { action: 'accept', result: folders } }]);
    expect(part({ thought: { action: 'decline' } })).toEqual([{ key: 'thought', response: { action: 'decline' } }]);
    expect(part({})).toBe('it has no response');
    expect(part({ order: { confirm: true } })).toBe("'order' was not asked; there are thought, folders");
    for (const odd of [{}, { roots: 1 }, { roots: [{ uri: 'https://a.example' }] }, { roots: [null] }])
      expect(part({ folders: odd as unknown as JsonObject })).toMatch(/^folders: at most 1000 folders are needed/);
    const message = { role: 'assistant', model: 'm', content: { type: 'text', text: 'yes' } };
    expect(part({ thought: message })).toMatchObject([{ response: { action: 'accept', result: message } }]);
    for (const odd of [{}, { ...message, model: 1 }, { ...message, content: [] }, { ...message, role: 'system' }])
      expect(part({ thought: odd })).toMatch(/^thought: a message of a model is needed/);
  });

  test('fits whatever schema a hostile server sends, without running its patterns', () => {
    for (const odd of [
      {},
      { properties: 1, required: 'name' },
      { properties: { a: 1 }, required: [1, null] },
      { properties: { a: { type: 'string', pattern: '(a+)+$', enum: 'no' } } },
    ]) {
      expect(() =>
        read({ a: `${'a'.repeat(50)}!` }, { forms: [{ key: 'k', message: '?', schema: odd }] }),
      ).not.toThrow();
    }
  });
});
