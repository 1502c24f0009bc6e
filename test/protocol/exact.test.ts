import { describe, expect, test } from 'vitest';
import { alteredNumberIn, carry, problemOfGiven } from '../../protocol/values/numbers/exact.ts';

describe('A2: a number that JavaScript would alter is found', () => {
  test.each([
    '9007199254740993',
    '12345678901234567890',
    '-9223372036854775807',
    '1e999',
    '-1e-999',
    '0.1234567890123456789',
    '9'.repeat(5000),
    '-0',
    '-0.0e5',
    `1.${'0'.repeat(500)}1`,
  ])('%.40s', (number) => {
    expect(alteredNumberIn(`{"id":[true,${number}]}`)).toBe(number);
    expect(carry(`{"id":[true,${number}]}`)).toEqual({
      value: { id: [true, Number.isFinite(Number(number)) ? Number(number) : number] },
      exact: `{"id":[true,${number}]}`,
    });
  });

  test.each([
    '0',
    '-0.5',
    '9007199254740992',
    '-9007199254740991',
    '6.02214076e23',
    '1E+2',
    '1.50',
    '0.1',
    '100000000000000000000',
    '5e-324',
    '0.30000000000000004',
  ])('and %s is not one', (number) => {
    expect(alteredNumberIn(`[${number}]`)).toBeUndefined();
    expect(carry(`[${number}]`)).toEqual({ value: [JSON.parse(number)] });
  });

  test('digits in a text are no number, whatever is escaped in it', () => {
    const text = JSON.stringify({ '12345678901234567890': ['a"12345678901234567890', '\\', '\\"1e999', '"'] });
    expect(carry(text)).toEqual({ value: JSON.parse(text) as unknown });
  });
});

describe('A2: a text that no JSON value stands for is kept beside what comes closest', () => {
  test('lone surrogates', () => {
    const text = String.raw`{"\udfff":"\ud83d","pair":"\ud83d\ude00","spelt":"\\ud800"}`;
    expect(carry(text)).toEqual({
      value: { '\uFFFD': '\uFFFD', pair: '\u{1F600}', spelt: '\\ud800' },
      exact: text,
    });
  });

  test.each([100, 100_000])('%d levels', (levels) => {
    const text = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(carry(text)).toEqual({ value: null, exact: text });
  });

  test('names that fall together: their object, and nothing else', () => {
    const text = String.raw`{"a":[{"\ud800":1,"\ud801":2}],"b":"\ud800","n":1e999}`;
    expect(carry(text)).toEqual({ value: { a: [null], b: '\uFFFD', n: '1e999' }, exact: text });
  });

  test('half a pair in what is nested too deeply', () => {
    const text = String.raw`{"a":"\ud800","b":${'['.repeat(3000)}"\ud800"${']'.repeat(3000)}}`;
    expect(carry(text)).toEqual({ value: null, exact: text });
  });

  test('names that code may stumble over are names', () => {
    const text = '{"__proto__":{"a":1},"n":12345678901234567890}';
    expect(JSON.stringify(carry(text).value)).toBe('{"__proto__":{"a":1},"n":12345678901234567000}');
  });

  test.each([
    '"',
    '{"a":"\\',
    '-',
    '1.2.3e',
    '{12345678901234567890:1}',
    '0123456789012345678901',
    '{"a":12345678901234567890',
  ])('and %s is no JSON', (text) => {
    expect(() => carry(text)).toThrow(SyntaxError);
    alteredNumberIn(text);
  });

  test('ten megabytes of quotes, backslashes and digits take no longer than reading them', () => {
    const text = `["${'\\\\'.repeat(2_000_000)}",${'1234567890123456789012,'.repeat(200_000)}0]`;
    expect(carry(text).exact).toBe(text);
  });
});

test('A2: what somebody wants sent has no integer beyond 2^53, at any depth', () => {
  expect(problemOfGiven({ a: [{ b: JSON.parse('12345678901234567890') as unknown }] })).toMatch(
    /near 12345678901234567000 .* is beyond 2\^53/,
  );
  expect(problemOfGiven({ a: [1.5, 2 ** 53 - 1, '12345678901234567890', null, true] })).toBeUndefined();
  expect(problemOfGiven({ a: '\ud800' })).toMatch(/not well-formed/);
});
