import fc from 'fast-check';

/** Cases in one run: a few in `npm test`, many in `npm run fuzz`. */
export const CASES = Number(process.env['CUSTODY_FUZZ'] ?? 200);
/** Is the machine given to this run alone, so that a time can be asked of it? */
export const IS_LONG = process.env['CUSTODY_FUZZ'] !== undefined;

/** Texts of JSON that parsers and programs stumble over. */
const ODD = [
  'null',
  '-0',
  '1e999',
  '-1e999',
  '9007199254740993',
  '0.12345678901234567890',
  '1E+2',
  '5e-324',
  '"\\ud800"',
  '{"\\ud800":1,"\\ud801":2}',
  '{"__proto__":{"a":1},"constructor":null,"toString":1}',
  '{"a":1,"a":2}',
  '{"":{"":""}}',
  '"9007199254740993"',
  '"\\u0000\\u001b[2J\\u202e"',
  '"${result.structuredContent.id}"',
  `${'['.repeat(70)}${']'.repeat(70)}`,
  `${'{"a":'.repeat(3000)}0${'}'.repeat(3000)}`,
  `${'['.repeat(3000)}"\\ud800",1e999${']'.repeat(3000)}`,
  `"${'x'.repeat(70_000)}"`,
  '"data:image/png;base64,AAAA"',
  '"A-_A"',
  '[]',
  '{}',
  'true',
  '""',
] as const;

/** The text of any JSON value. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.bigInt().map(String) },
);

/** Templates in which `@` is a place, each place filled with the text of any JSON value. */
export const filled = (templates: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...templates), fc.array(jsonText, { minLength: 4, maxLength: 4 }))
    .map(([template, texts]) => template.replaceAll('@', () => texts.shift() ?? 'null'));
