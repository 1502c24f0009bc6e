import { describe, expect, test } from 'vitest';
import { rulesOf } from '../../../cedar/rules.ts';
import { type Catalog, catalogOf, type ToolShape } from '../../../cedar/schema/catalog.ts';
import { checkRules } from '../../../cedar/schema/check.ts';
import { documentOf } from '../ask.ts';

const tool = (name: string, properties: object, rest: Partial<ToolShape> = {}, more: object = {}): ToolShape => ({
  name,
  effect: 'irreversible',
  inputSchema: { type: 'object', properties, ...more },
  decimals: [],
  isChecked: true,
  ...rest,
});
const text = { type: 'string' };

const catalog: Catalog = catalogOf([
  {
    server: 'files',
    tools: [
      tool('write_file', { path: text, content: text }, {}, { required: ['path', 'content'] }),
      tool(
        'read.text file',
        { path: text, lines: { type: 'integer' } },
        { effect: 'read-only' },
        { required: ['path'] },
      ),
    ],
  },
  {
    server: 'bank',
    tools: [
      tool(
        'pay',
        { to: text, amount: { type: 'number' }, note: {}, tags: { type: 'array', items: text } },
        { decimals: ['amount'] },
        { required: ['to', 'amount'] },
      ),
    ],
  },
]);

const check = (rules: string, by: Catalog = catalog) => checkRules(rulesOf(documentOf(rules)).rules, by);
const said = (rules: string, by?: Catalog) =>
  check(rules, by).findings.map(({ place: { line, col }, message }) => `${line}:${col} ${message}`);
const about = (action: string, condition: string): string =>
  `@id("it")\nforbid(principal, action == Action::"${action}", resource)\n  when { ${condition} };`;

describe('P1: rules are held against the tools of the servers', () => {
  test.each([
    ['what stands there', about('files.write_file', 'context.args.path like "/etc/*"')],
    ['a tool whose name has a point and a space', about('files.read.text file', 'context.args.path == "x"')],
    ['a method', about('files resources/read', 'context.args.uri like "file:*"')],
    [
      'an optional argument that is asked for',
      about('files.read.text file', 'context.args has lines && context.args.lines > 5'),
    ],
    ['a decimal', about('bank.pay', 'context.args.amount.greaterThan(decimal("50.0"))')],
    ['a set', about('bank.pay', 'context.args has tags && context.args.tags.contains("x")')],
    [
      'all that calls share',
      'forbid(principal, action, resource) when { context.totals.calls > 5 && context.hour > 18 };',
    ],
    [
      'labels and who started it',
      'forbid(principal, action, resource) ' +
        'when { principal.hasTag("a") && principal.getTag("a") == "b" && principal has startedBy };',
    ],
    [
      'an argument that some have',
      'forbid(principal, action, resource) when { context.args has content && context.args.content == "x" };',
    ],
    [
      'the effect',
      'forbid(principal, action, resource) when { ["idempotent", "irreversible"].contains(context.effect) };',
    ],
  ])('%s is no problem', (_, rules) => {
    expect(check(rules)).toEqual({ findings: [], notChecked: [] });
  });

  test.each([
    [
      'an unknown tool',
      about('files.wrte_file', 'true'),
      /^2:\d+ names "files.wrte_file", which server "files" does not have; did you mean "files.write_file"\?$/,
    ],
    [
      'an unknown server',
      about('fils.write_file', 'true'),
      /^2:\d+ names "fils.write_file", and custody.yaml has no server "fils"; did you mean "files.write_file"\?$/,
    ],
    [
      'an unknown resource',
      'forbid(principal, action, resource == Server::"bnk");',
      /^1:\d+ names server "bnk".*did you mean "bank"\?$/,
    ],
    [
      'an unknown argument',
      about('files.write_file', 'context.args.contnet like "*x*"'),
      /^3:\d+ reads the argument "contnet", which files.write_file does not have; did you mean "content"\?$/,
    ],
    [
      'an unknown argument that is asked for',
      about('files.write_file', 'context.args has contnet'),
      /^3:\d+ reads the argument "contnet".*did you mean "content"\?$/,
    ],
    [
      'an optional argument that is not asked for',
      about('files.read.text file', 'context.args.lines > 5'),
      /^3:\d+ unable .* access to optional attribute `args.lines` for files.read.text file; try testing/,
    ],
    [
      'a type error',
      about('files.write_file', 'context.args.path > 5'),
      /^3:\d+ .*expected Long.*String|^3:\d+ .*String.*Long/,
    ],
    [
      'a decimal that is compared as a whole number',
      about('bank.pay', 'context.args.amount > 50'),
      /^3:\d+ .*decimal.*\.greaterThan\(decimal\("50\.0"\)\)$/,
    ],
    [
      'a word that the effect never is',
      about('bank.pay', 'context.effect == "irreversable"'),
      /^3:\d+ compares context.effect with "irreversable", which it never is; did you mean "irreversible"\?$/,
    ],
    ['a rule that can never apply', about('files.write_file', '!(context.args has path)'), /^1:1 can never apply/],
    [
      'a head that contradicts itself',
      'forbid(principal, action == Action::"bank.pay", resource == Server::"files");',
      /^1:1 can never apply: bank.pay is of server "bank", and its resource is "files"$/,
    ],
    [
      'a mistyped annotation',
      '@sayz("No.") forbid(principal, action, resource);',
      /^1:1 has @sayz, which means nothing here; did you mean "says"\?$/,
    ],
    [
      'an unknown attribute of the context',
      'forbid(principal, action, resource) when { context.totals.cals > 5 };',
      /^1:\d+ attribute `totals.cals` not found.*did you mean `calls`\?$/,
    ],
  ])('%s is named with its place', (_, rules, message) => {
    expect(said(rules)).toEqual([expect.stringMatching(message)]);
  });

  test('what several tools lack is told once', () => {
    expect(said('forbid(principal, action, resource) when { context.args.path == "x" };')).toEqual([
      expect.stringMatching(/^1:\d+ attribute `args.path` not found for .* and \d+ others/),
    ]);
  });

  test("an annotation of one's own is a warning", () => {
    expect(check('@owner("team pay") forbid(principal, action, resource);').findings).toMatchObject([
      { severity: 'warning', message: 'has @owner, which means nothing here' },
    ]);
  });

  test('what types do not tell is not checked, and said', () => {
    expect(check(about('bank.pay', 'context.args.note == "x"'))).toEqual({
      findings: [],
      notChecked: ['The rule "it" for bank.pay (argument "note": its schema does not say of what kind it is).'],
    });
    const odd = catalogOf([{ server: 'bank', tools: [tool('odd', { x: text }, { isChecked: false })] }]);
    expect(check(about('bank.odd', 'context.args.y > 5'), odd).notChecked).toEqual([
      'The rule "it" for bank.odd (argument "y": custody.yaml says checkArguments: false for the tool, ' +
        'so they may be anything).',
    ]);
  });

  test('of a server that was not opened, names of tools are not checked, and said', () => {
    const closed = catalogOf([{ server: 'files' }, { server: 'bank' }]);
    expect(check(about('files.anything', 'context.args.x == 1'), closed)).toEqual({
      findings: [],
      notChecked: ['What rules say of the tools of files, bank, which were not opened.'],
    });
    expect(said(about('fils.anything', 'true'), closed)).toEqual([expect.stringContaining('has no server "fils"')]);
  });
});
