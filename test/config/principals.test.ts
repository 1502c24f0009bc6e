import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../config/document/document.ts';
import { principalsIn } from '../../config/principals.ts';
import { keyIdOf, problemOfKey } from '../../config/public-key.ts';
import { lookOf, PRINCIPAL_NAME } from '../../protocol/identity/principals.ts';
import { refusal } from './errors.ts';

const KEY = 'MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const OTHER = 'MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=';

const read = (text: string) => principalsIn(readDocument(text, 'principals.yaml'));
const problems = (text: string) => refusal('PRINCIPALS_INVALID', () => read(text));

describe('A5: the list of principals', () => {
  test('says who there is, with the id of each key and a hash that spaces and comments do not change', () => {
    const list = read(`
principals:
  ann: # of the night shift
    person: ann.smith
    roles: [operator, approver]
    keys:
      - { key: ${KEY}, from: 2026-01-01, until: "2027-01-01T12:00:00Z", note: laptop }
      - { key: ${OTHER}, revoked: true }
`);
    expect(list.principals).toEqual({
      ann: {
        person: 'ann.smith',
        roles: ['operator', 'approver'],
        keys: [
          {
            id: keyIdOf(KEY),
            publicKey: KEY,
            from: Date.parse('2026-01-01'),
            until: Date.parse('2027-01-01T12:00:00Z'),
            revoked: false,
          },
          { id: keyIdOf(OTHER), publicKey: OTHER, from: null, until: null, revoked: true },
        ],
      },
    });
    const plain = (text: string) => read(text).hash;
    expect(plain(`principals: { bob: { roles: [agent], keys: [{ key: ${KEY} }] } }`)).toBe(
      plain(`# nobody else\nprincipals:\n  bob:\n    keys: [{ key: ${KEY} }]\n    roles: [agent]\n`),
    );
    expect(plain(`principals: { bob: { roles: [agent], keys: [{ key: ${KEY} }] } }`)).not.toBe(
      plain(`principals: { bob: { roles: [agent], keys: [{ key: ${KEY}, revoked: true }] } }`),
    );
  });

  test('names every problem with line and column', async () => {
    expect(
      await problems(`principals:
  Ann: { roles: [boss], keys: [{ key: ${KEY}, until: soon }] }
  bob: { roles: [], keys: [] }
  custody: { roles: [agent, agent], keys: [{ key: abc }] }
`),
    ).toEqual([
      expect.stringMatching(/^principals\.yaml:2:3 .*Ann.* must be a name of at most 63 lower-case letters/),
      expect.stringMatching(/^principals\.yaml:2:18 .*must be one of agent, operator, approver and auditor/),
      expect.stringMatching(/^principals\.yaml:2:\d+ .*until.* must be an instant in UTC/),
      expect.stringMatching(/^principals\.yaml:3:17 .*roles  is empty/),
      expect.stringMatching(/^principals\.yaml:3:27 .*keys  is empty/),
      expect.stringMatching(/^principals\.yaml:4:3 .*must not be "custody"/),
      expect.stringMatching(/^principals\.yaml:4:29 .*names the same role again/),
      expect.stringMatching(/^principals\.yaml:4:\d+ .*must be an Ed25519 public key/),
    ]);
  });

  test.each([
    ['a key stands under two principals', `ann: KEYS, bob: KEYS`, /is "ann"'s already; a key is of one principal/],
    ['two names look the same', `bob: KEYS, b0b: { roles: [agent], keys: [{ key: ${OTHER} }] }`, /looks like "bob"/],
    [
      'a person looks like another',
      `tim: KEYS, ann: { person: tirn, roles: [agent], keys: [{ key: ${OTHER} }] }`,
      /person  looks like "tim"/,
    ],
    [
      'a key is valid never',
      `ann: { roles: [agent], keys: [{ key: ${KEY}, from: 2026-02-01, until: 2026-01-01 }] }`,
      /never valid/,
    ],
    ['a day is none', `ann: { roles: [agent], keys: [{ key: ${KEY}, from: 2026-02-31 }] }`, /must be an instant/],
    ['nobody is there', '', /is empty/],
  ])('is refused where %s', async (_, entries, problem) => {
    const text = `principals: { ${entries.replaceAll('KEYS', `{ roles: [agent], keys: [{ key: ${KEY} }] }`)} }`;
    const found = await problems(text);
    expect(found).toEqual([expect.stringMatching(problem)]);
  });
});

test('A5: names are of one narrow set, so that no trick of Unicode makes two that look the same', () => {
  for (const name of ['ann', 'a', 'ann.smith@example.org', 'svc-1', 'a_b', 'x'.repeat(63)])
    expect(PRINCIPAL_NAME.test(name), name).toBe(true);
  for (const name of [
    'Ann',
    'аnn', // Cyrillic
    'ann\u200b',
    'ann\u202e',
    'a\u0301nn',
    'ánn',
    'ann ',
    ' ann',
    'ann\n',
    'ﬁn',
    'ann\u00ad',
    '-ann',
    'ann.',
    '',
    'x'.repeat(64),
    'a/b',
  ])
    expect(PRINCIPAL_NAME.test(name), JSON.stringify(name)).toBe(false);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), (name) => {
      if (PRINCIPAL_NAME.test(name)) expect(name).toMatch(/^[\x21-\x7e]+$/);
    }),
  );
  expect(lookOf('b0b')).toBe(lookOf('bob'));
  expect(lookOf('car1')).toBe(lookOf('carl'));
  expect(lookOf('ann')).not.toBe(lookOf('amn'));
});

test('A5: a key under which anybody can sign is refused', () => {
  const of = (hex: string) =>
    Buffer.concat([Buffer.from('MCowBQYDK2VwAyEA', 'base64'), Buffer.from(hex, 'hex')]).toString('base64');
  expect(problemOfKey(of('01'.padEnd(64, '0')))).toMatch(/anybody can sign/);
  expect(problemOfKey(of(`${'01'.padEnd(62, '0')}80`))).toMatch(/anybody can sign/);
  expect(problemOfKey(KEY)).toBeUndefined();
  expect(problemOfKey(KEY.replace(/o=$/, 'p='))).toMatch(/must be an Ed25519/);
});
