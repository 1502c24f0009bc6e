import { describe, expect, test } from 'vitest';
import { rulesOf } from '../../cedar/rules.ts';
import { documentOf } from './ask.ts';

const problemsOf = (text: string) =>
  rulesOf(documentOf(text)).problems.map(({ place, message }) => `${place.line}:${place.col} ${message}`);

describe('P1: files of rules', () => {
  test('each rule has its id, its place and what its author says', () => {
    const { rules, problems } = rulesOf(
      documentOf(
        '// first\npermit(principal, action, resource);\n\n' +
          '  @id("b") @says("No.")\n  forbid(principal, action, resource);\n',
      ),
    );
    expect(problems).toEqual([]);
    expect(rules).toMatchObject([
      { id: 'rules.cedar:2', effect: 'permit', place: { line: 2, col: 1 } },
      { id: 'b', effect: 'forbid', says: 'No.', place: { line: 4, col: 3 } },
    ]);
  });

  test('rules that say the same stand where they stand', () => {
    const same = 'permit(principal, action, resource);\n';
    expect(rulesOf(documentOf(same.repeat(12))).rules.map(({ place }) => place.line)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
  });

  test.each([
    ['what is no Cedar', 'permit(principal, action, resource);\nforbid(principal action);', /^2:18 /],
    [
      'two of one id',
      '@id("a") permit(principal,action,resource);\n@id("a") permit(principal,action,resource);',
      /^2:1 has the @id of the rule at rules.cedar:1$/,
    ],
    ['an id that stands for something else', '@id("default") permit(principal,action,resource);', /stands for/],
    ['a mode that is none', '@mode("logonly") permit(principal,action,resource);', /write "log-only"/],
    ['an approval of a permit', '@approval permit(principal,action,resource);', /only a forbid/],
    ['an approval by nobody', '@approval("0") forbid(principal,action,resource);', /1 to 10/],
    ['an approval without end', '@approval @expires("never") forbid(principal,action,resource);', /1s to 30d/],
    ['a template', 'permit(principal == ?principal, action, resource);', /template/],
  ])('%s is named with its place', (_, text, message) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(message)]);
  });

  test('10 MB of rules are refused, and so are more than 1,000', () => {
    expect(problemsOf('permit(principal, action, resource);\n'.repeat(300_000))).toEqual([
      expect.stringMatching(/a set may have/),
    ]);
    expect(problemsOf('permit(principal,action,resource);\n'.repeat(1001))).toEqual([
      expect.stringMatching(/the 1000 that/),
    ]);
  });
});
