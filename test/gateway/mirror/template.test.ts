import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsTemplate } from '../../../gateway/mcp/mirror/template.ts';

test.each<[template: string, uri: string, fits: boolean]>([
  ['notes://all', 'notes://all', true],
  ['notes://all', 'notes://all/1', false],
  ['notes://{id}', 'notes://7', true],
  ['notes://{id}', 'notes://', false],
  ['notes://{id}', 'notes://7/8', false],
  ['notes://{id}', 'files://7', false],
  ['file:///{+path}', 'file:///a/b/c.txt', true],
  ['{+a}-{b}', 'p-/q-r', true],
  ['x://{a}/y/{b}.json', 'x://1/y/2.json', true],
  ['x://{a}/y/{b}.json', 'x://1/y/2.txt', false],
  ['x://a{/path*}', 'x://a/b/c', true],
  ['x://a{.ext}', 'x://a.txt', true],
  ['x://list{?page,size}', 'x://list?page=1&size=2', true],
  ['x://list{?page,size}', 'x://list', true],
  ['x://list{#part}', 'x://list#2/3', true],
  ['x://{open', 'x://{open', false],
  ['', 'x://a', false],
])('G1: the template %j and the URI %j: %j', (template, uri, fits) => {
  expect(fitsTemplate(template, uri)).toBe(fits);
});

test('G1: what is made from a template fits it', () => {
  const word = fc.stringMatching(/^[a-z0-9%-]{1,12}$/);
  fc.assert(
    fc.property(fc.array(fc.record({ text: word, value: word }), { minLength: 1, maxLength: 20 }), (parts) => {
      const template = `x://${parts.map(({ text }, index) => `${text}/{v${index}}`).join('/')}`;
      const uri = `x://${parts.map(({ text, value }) => `${text}/${value}`).join('/')}`;
      expect(fitsTemplate(template, uri)).toBe(true);
    }),
  );
});

test('G1: a template of many variables and a long URI cost a bounded number of steps', () => {
  const uri = `x://${'a'.repeat(2000)}`;
  let steps = 0;
  const counted = new Proxy(Object(uri) as object, {
    get: (target, name) => {
      steps += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as unknown;
  expect(fitsTemplate(`x://${'{v}'.repeat(60)}!`, counted as string)).toBe(false);
  expect(steps).toBeGreaterThan(0);
  expect(steps).toBeLessThan(1_000_000);
});
