import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength, canonical, digestOf, sha256Hex } from '../../protocol/values/digest.ts';
import { formatDuration, parseDuration } from '../../protocol/values/duration.ts';
import { problemOfJson } from '../../protocol/values/json.ts';

describe('durations', () => {
  test('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test('U4: whatever text comes in, it is a whole number of milliseconds or no duration', () => {
    const part = fc
      .tuple(fc.stringMatching(/^\d{0,30}$/), fc.constantFrom('d', 'h', 'm', 's', 'ms', ' ', '-'))
      .map((pair) => pair.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          const ms = parseDuration(text);
          expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
        },
      ),
    );
  });

  test.each([
    ['24h', 86_400_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['500ms', 500],
    ['0s', 0],
    ['1m1ms', 60_001],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '24', '24 h', '1.5h', '-1h', '30m1h', '1h1h', 'h', '1H', '9'.repeat(400) + 's', '９h'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('E4: JSON that is hashed', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withNullPrototype: true,
    withObjectString: true,
    withTypedArray: true,
    withBoxedValues: true,
  });

  test('U4: what is accepted has a canonical form, and a digest', () => {
    fc.assert(
      fc.property(anything, (value) => {
        if (value === undefined || problemOfJson(value) !== undefined) return;
        const text = canonical(value as never);
        expect(digestOf(value as never)).toBe(sha256Hex(text));
        expect(canonical(JSON.parse(text) as never)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('every JSON value with well-formed texts and finite numbers is accepted', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), (value) => {
        expect(problemOfJson(value)).toBeUndefined();
        expect(JSON.parse(canonical(value as never))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('the digest does not depend on the order of names', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.integer()), (object) => {
        expect(digestOf(Object.fromEntries(Object.entries(object).reverse()))).toBe(digestOf(object));
      }),
    );
  });

  test.each([
    [Infinity, 'a number in it is too large'],
    [NaN, 'a number in it is too large'],
    ['\ud800', 'a text in it is not well-formed Unicode'],
    [{ '\udfff': 1 }, 'a name in it is not well-formed Unicode'],
    [[undefined], 'something in it is no JSON value'],
    [new Map(), 'something in it is no JSON value'],
  ])('%j is refused', (value, problem) => {
    expect(problemOfJson(value)).toBe(problem);
    expect(problemOfJson({ a: 10n })).toBe('something in it is no JSON value');
  });

  test('U4: no nesting exhausts the stack', () => {
    let value: unknown = 1;
    for (let level = 0; level < 200_000; level += 1) value = [value];
    expect(problemOfJson(value)).toBe('it is nested deeper than 64 levels');
  });

  test('is hashed by SHA-256 over the RFC 8785 form', () => {
    expect(canonical({ b: [1e21, -0, 'é'], a: null })).toBe('{"a":null,"b":[1e+21,0,"é"]}');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(byteLength('é')).toBe(2);
  });
});
