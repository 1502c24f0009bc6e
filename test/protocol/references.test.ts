import { describe, expect, test } from 'vitest';
import { REDACTED } from '../../protocol/values/redacted.ts';
import { resolveArgs } from '../../protocol/values/references.ts';

describe('A2, E6: a reference does not hand on what JavaScript altered', () => {
  const made = {
    content: [{ type: 'text', text: 'made 12345678901234567890' }, '\uFFFD'],
    structuredContent: { id: 12345678901234567000, size: 5, owner: { id: 12345678901234567000, name: 'ann' } },
    exact:
      '{"content":[{"type":"text","text":"made 12345678901234567890"},"\\ud800"],' +
      '"structuredContent":{"id":12345678901234567890,"size":5,"owner":{"id":12345678901234567890,"name":"ann"}}}',
  };
  const raw = { raw: { id: '1e999', size: 5 }, exact: '{"id":1e999,"size":5}' };
  const resolved = (value: string) => resolveArgs({ value }, { made, raw });

  test.each([
    '${made.structuredContent.id}',
    'number ${made.structuredContent.id}',
    '${made.structuredContent.owner}',
    '${made.structuredContent}',
    '${made.content}',
    '${made.content.1}',
    '${raw.raw.id}',
    '${raw.raw}',
  ])('%s', (value) => {
    expect(resolved(value)).toEqual({
      ok: false,
      problem: expect.stringMatching(/^\$\{.*\} cannot be taken from the result of \w+: .* as the server gave it$/),
    });
  });

  test.each([
    ['${made.structuredContent.size}', 5],
    ['${made.structuredContent.owner.name}', 'ann'],
    ['${made.content.0.text}', 'made 12345678901234567890'],
    ['${raw.raw.size}', 5],
  ])('and %s was not', (value, expected) => {
    expect(resolved(value)).toEqual({ ok: true, args: { value: expected } });
  });

  test.each(['${told.content.0.text}', 'Bearer ${told.structuredContent.token}', '${told.structuredContent}'])(
    'nor is %s, where a secret was left out',
    (value) => {
      const content = [{ type: 'text', text: `the token is ${REDACTED}` }];
      const told = { content, structuredContent: { token: REDACTED, of: 'ann' } };
      expect(resolveArgs({ value }, { told })).toEqual({
        ok: false,
        problem: expect.stringMatching(
          /^\$\{told.*\} cannot be taken from the result of told: it held a secret/,
        ) as string,
      });
      expect(resolveArgs({ value: '${told.structuredContent.of}' }, { told })).toMatchObject({ ok: true });
    },
  );

  test('values that are no results say nothing of themselves', () => {
    const args = { exact: '{"path":12345678901234567890}', content: [], path: 'a', ref: 1 };
    expect(resolveArgs({ value: '${args.path}' }, {}, { args })).toEqual({ ok: true, args: { value: 'a' } });
  });
});
