import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseProfile } from '../../config/profile.ts';
import { checkSpec, parseSpec } from '../../config/spec.ts';
import { readDocument } from '../../config/document/document.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { refusal } from './errors.ts';

describe('U4: a text that is no configuration', () => {
  test.each([
    ['an alias', 'session: &s { timeout: 1h }\nextra: *s', ['1:13  session  has an anchor', '2:8  extra  is an alias']],
    ['an unknown tag', 'session: !js { timeout: 1h }', ['1:10  has a tag that is not known']],
    [
      'a duplicate key',
      'session: { timeout: 1h }\nsession: {}',
      ['2:1  session  is written twice, first in line 1; keep one of them'],
    ],
    ['a syntax error', 'session: {\n timeout: "1h', ['is not YAML']],
    ['a second document', 'session: {}\n---\nsession: {}', ['2:1  is not YAML']],
    ['another version of YAML', '%YAML 1.1\n---\nsession: {}', ['1:1  asks for another YAML than 1.2']],
    ['a key that would change the prototype', '__proto__: {}', ['1:1  __proto__  is a key that objects cannot carry']],
    ['a mapping as key', '? { a: 1 }\n: 2', ['is not a key that is taken']],
  ])('%s is refused with its place', async (_what, text, parts) => {
    const lines = await refusal('PROFILE_INVALID', () => parseProfile(text, 'p.yaml'));
    for (const [index, part] of parts.entries()) expect(lines[index]).toContain(part);
  });

  test('an alias bomb is refused, not expanded', async () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) =>
        `l${level}: &l${level} [${
          level === 0
            ? '1'
            : Array(9)
                .fill(`*l${level - 1}`)
                .join(', ')
        }]`,
    );
    expect((await refusal('PROFILE_INVALID', () => parseProfile(levels.join('\n'), 'p.yaml'))).length).toBeGreaterThan(
      100,
    );
  });

  // One process for all of them: without the limit, the second one ends it.
  test.each([
    ['brackets', '['.repeat(200_000)],
    ['dashes', '- '.repeat(100_000)],
    ['mappings', '{a: '.repeat(50_000)],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`],
  ])('endless nesting is refused: %s', async (_what, text) => {
    expect((await refusal('PROFILE_INVALID', () => parseProfile(text, 'p.yaml'))).join()).toContain(
      'is nested more than 64 levels deep',
    );
  });

  test('a second document is refused, and a line that only begins the first is not', () => {
    expect(readDocument('---\na: 1\n', 'x').problems).toEqual([]);
    expect(readDocument('a: 1\n---\nb: 2\n', 'x').problems).toMatchObject([
      {
        message: 'is not YAML of one document: a second one begins here; leave the line of --- out',
        position: { line: 2 },
      },
    ]);
  });

  test('64 levels are taken', () => {
    expect(readDocument(`${'['.repeat(64)}${']'.repeat(64)}`, 'x').problems).toEqual([]);
  });

  test('text above 256 KiB is refused before it is parsed', async () => {
    expect(await refusal('SPEC_INVALID', () => parseSpec(`#${'x'.repeat(256 * 1024)}`, 's.yaml'))).toEqual([
      's.yaml  is larger than 256 KiB; leave out what is not needed',
    ]);
  });

  test('a list of problems ends after 100 with their count', async () => {
    const text = Array.from({ length: 250 }, (_, index) => `k${index}: 1`).join('\n');
    const lines = await refusal('PROFILE_INVALID', () => parseProfile(text, 'p.yaml'));
    expect([lines.length, lines.at(-1)]).toEqual([101, '… and 150 more']);
  });

  test('control characters of the text do not reach the terminal', async () => {
    const lines = await refusal('PROFILE_INVALID', () => parseProfile('"a\\e[31m\\u202e\\n": 1', 'p.yaml'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[\x20-\x7e]+$/);
  });
});

test.each(['12345678901234567890', '0.12345678901234567890', '1e400', '.inf', '.nan', '9007199254740993', '-0'])(
  'a number that JSON would change is refused: %s',
  (number) => {
    expect(readDocument(`a: ${number}`, 'x').problems).toMatchObject([{ path: ['a'], position: { line: 1, col: 4 } }]);
  },
);

test.each(['0', '1.50', '+1', '0x1F', '0o17', '1e3', '1E-7', '.5', '5.', '9007199254740991', '-12.125'])(
  'a number that JSON keeps is taken: %s',
  (number) => {
    expect(readDocument(`a: ${number}`, 'x').problems).toEqual([]);
  },
);

const WORDS = [
  'session',
  'timeout',
  'onTimeout',
  'pause',
  'rollback',
  'warning',
  'cost',
  'agent',
  'id',
  'version',
  'profile',
  'servers',
  'overrides',
  'plan',
  'call',
  'parallel',
  'wait',
  'as',
  'args',
  'labels',
  '24h',
  'files',
  'files.x',
  '${a.b}',
  '${',
  '__proto__',
  'constructor',
  'off',
  '',
];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string());
const { tree } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    word,
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined, 1n, new Date(0), Symbol('s'), () => 0),
  ),
  node: fc.oneof(
    { withCrossShrink: true, maxDepth: 6 },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(word, tie('node'), { maxKeys: 5 }),
  ),
  tree: tie('node'),
}));

/** True when the loader answers or refuses by code; anything else that it throws passes through. */
function answersOrRefuses(load: () => unknown): boolean {
  try {
    load();
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
  }
  return true;
}

describe('U4: loaders throw nothing but CustodyError', () => {
  test('on a number beyond JSON anywhere in a spec', async () => {
    for (const text of ['1e999', 'plan: 1e999', 'a: { b: [-1e999] }'])
      expect(await refusal('SPEC_INVALID', () => parseSpec(text, 's'))).not.toHaveLength(0);
  });

  test('on values of any shape', () => {
    fc.assert(
      fc.property(tree, (value) => answersOrRefuses(() => checkSpec(value))),
      { numRuns: 500 },
    );
  });

  test('on YAML of any shape, also when it is cut or damaged', () => {
    const yaml = fc
      .tuple(
        fc.jsonValue({ maxDepth: 4 }),
        fc.dictionary(word, fc.oneof(fc.jsonValue(), fc.dictionary(word, fc.jsonValue()))),
        fc.nat(),
        fc.string(),
      )
      .map(([any, dictionary, at, noise]) => {
        const text = stringify(at % 2 === 0 ? any : dictionary, { aliasDuplicateObjects: false });
        return text.slice(0, at % (text.length + 1)) + noise + text.slice(at % (text.length + 1));
      });
    fc.assert(
      fc.property(
        fc.oneof(yaml, fc.string({ unit: 'binary' }), fc.stringMatching(/^[-?:,[\]{}#&*!|>'"%@` \na1]*$/)),
        (text) => answersOrRefuses(() => parseProfile(text, 'p')) && answersOrRefuses(() => parseSpec(text, 's')),
      ),
      { numRuns: 1000 },
    );
  });

  test('on objects that defend themselves', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    let wide: unknown = 'x';
    for (let level = 0; level < 40; level++) wide = [wide, wide, wide];
    const hostile = [
      cycle,
      { args: wide },
      Object.assign([], { length: 1e9 }),
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
      {
        get agent() {
          throw new TypeError('no');
        },
      },
    ];
    for (const value of hostile) expect(await refusal('SPEC_INVALID', () => checkSpec(value))).toHaveLength(1);
  });
});
