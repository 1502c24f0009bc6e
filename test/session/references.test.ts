import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../protocol/values/json.ts';
import { referencesIn, resolveArgs } from '../../protocol/values/references.ts';
import { namesUsedBy } from '../../session/plan/names.ts';

const results = {
  draft: {
    content: [{ type: 'text', text: 'hello' }],
    structuredContent: { size: 5, ok: true, none: null, list: [1, 2], 'a b': 'spaced' },
  },
  failed: null,
};
const resolved = (value: string) => {
  const answer = resolveArgs({ value }, results);
  return answer.ok ? answer.args['value'] : answer.problem;
};

describe('E6: references', () => {
  test.each<[string, unknown]>([
    ['${draft.content.0.text}', 'hello'],
    ['${draft.structuredContent.size}', 5],
    ['${draft.structuredContent.ok}', true],
    ['${draft.structuredContent.list}', [1, 2]],
    ['${draft.structuredContent.a b}', 'spaced'],
    ['size ${draft.structuredContent.size}, ${draft.content.0.text}!', 'size 5, hello!'],
    ['${draft.structuredContent.list} items', '[1,2] items'],
    ['no reference', 'no reference'],
    ['$${draft}', '${draft}'],
    ['$${draft} is ${draft.content.0.text}', '${draft} is hello'],
    ['${}', '${}'],
    ['$draft', '$draft'],
  ])('%s is %j', (text, value) => {
    expect(resolved(text)).toEqual(value);
  });

  test.each([
    '${draft.content.1.text}',
    '${draft.structuredContent.none}',
    '${draft.nothing}',
    '${draft.content.0.text.length}',
    '${failed}',
    '${other}',
    '${constructor}',
    '${draft.constructor}',
    '${draft.content.map}',
    '${__proto__}',
    'in ${toString} text',
  ])('%s is missing, and the step says so', (text) => {
    expect(resolved(text)).toMatch(/^\$\{.*\} is not in the result of \w+$/);
  });

  test('are put in at any depth; names stay as they are', () => {
    const args = { '${draft}': [{ deep: '${draft.structuredContent.size}' }], n: 1, nothing: null };
    expect(resolveArgs(args, results)).toEqual({ ok: true, args: { '${draft}': [{ deep: 5 }], n: 1, nothing: null } });
  });

  test('what is put in is not read again', () => {
    expect(resolveArgs({ a: '${x}' }, { x: { content: '${y}' } })).toEqual({
      ok: true,
      args: { a: { content: '${y}' } },
    });
  });

  test('are found where they stand, escaped ones left out', () => {
    expect(referencesIn({ a: ['${x.1}', '$${y}'], b: 'and ${z}' })).toEqual([
      { name: 'x', path: ['1'] },
      { name: 'z', path: [] },
    ]);
    expect([
      ...namesUsedBy([
        { call: 's.t', args: { a: '${x}' } },
        { parallel: [{ wait: 1 }, { call: 's.t', args: { b: '${y.z}' } }] },
        { call: 's.t' },
      ]),
    ]).toEqual(['x', 'y']);
  });

  test('U4: arguments without references come out as they went in, and nothing throws', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })), (args) => {
        const answer = resolveArgs(args as JsonObject, results);
        if (answer.ok && referencesIn(args as JsonObject).length === 0 && !JSON.stringify(args).includes('$${'))
          expect(answer.args).toEqual(args);
      }),
    );
  });
});
