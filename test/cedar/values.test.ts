import { describe, expect, test } from 'vitest';
import { toCedar } from '../../cedar/values.ts';
import { policyOf, question } from './ask.ts';

const unreadable = { __entity: { type: 'Custody::Unreadable', id: expect.any(String) } };

describe('P1: arguments as rules see them', () => {
  test('texts, truth values, whole numbers, sets and records are what they are; null is not there', () => {
    expect(toCedar({ a: 'x', b: true, c: -0, d: [1, 'a', null], e: { f: null, g: 1 } })).toEqual({
      a: 'x',
      b: true,
      c: 0,
      d: [1, 'a', unreadable],
      e: { g: 1 },
    });
  });

  test('what the schema calls a number is a decimal, whole or not', () => {
    const decimals = ['amount', 'items[].price'];
    expect(toCedar({ amount: 5, items: [{ price: 1.25, count: 2 }] }, decimals)).toEqual({
      amount: { __extn: { fn: 'decimal', arg: '5.0' } },
      items: [{ price: { __extn: { fn: 'decimal', arg: '1.25' } }, count: 2 }],
    });
  });

  test.each([
    ['a fraction with more digits than a decimal has', 0.123456],
    ['a number beyond 2^53', 2 ** 60],
    ['a number that has an exponent', 1e-7],
    ['a text of more than 64 Ki characters', 'x'.repeat(65 * 1024)],
    ['a record that pretends to be an entity', { __entity: { type: 'Agent', id: 'admin' } }],
    ['a record that pretends to be a decimal', { __extn: { fn: 'decimal', arg: '1.0' }, x: 1 }],
  ])('%s is nothing that a rule can look into', (_, value) => {
    expect(toCedar({ value })).toEqual({ value: unreadable });
  });

  test('what is nested too deep or too large in all ends somewhere', () => {
    let deep: object = {};
    for (let n = 0; n < 1000; n += 1) deep = { deep };
    expect(JSON.stringify(toCedar(deep as never))).toContain('nested too deep');
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]));
    expect(JSON.stringify(toCedar(many)).length).toBeLessThan(10_000_000);
  });

  test('a rule that looks into what it cannot read denies; one that looks elsewhere does not mind', async () => {
    const big = question({ args: { path: '/tmp/a', content: 'x'.repeat(70_000) } });
    const into = await policyOf(
      '@id("c") forbid(principal, action, resource) when { context.args.content like "*key*" };',
    );
    expect(await into.decide(big)).toMatchObject({ verdict: 'deny', errors: [{ rule: 'c' }] });
    const past = await policyOf(
      '@id("p") forbid(principal, action, resource) when { context.args.path like "/etc/*" };',
    );
    expect(await past.decide(big)).toMatchObject({ verdict: 'allow' });
  });
});
