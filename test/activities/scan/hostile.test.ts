import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Scanner } from '../../../activities/scan/scanner.ts';
import type { ScanWanted } from '../../../protocol/incidents/scan.ts';
import type { Json } from '../../../protocol/values/json.ts';

const ALL: ScanWanted = { secrets: 'redact', mail: 'redact', iban: 'redact', card: 'redact', phone: 'redact' };
const scanner = new Scanner();
afterAll(() => scanner.close());

/** So long that what grows faster than the text would not end: a thousand times as long is a million times as slow. */
const LONG = 512 * 1024;
const long = (part: string): string => part.repeat(Math.ceil(LONG / part.length));

describe('P5: hostile texts', () => {
  test.each([
    ['at signs', 'a@'],
    ['locals', `${'a'.repeat(64)}@`],
    ['domains', 'a@b.'],
    ['digits', '4'],
    ['digits and dashes', '4-'],
    ['groups of digits', '4111 1111 1111 111 '],
    ['accounts', 'DE89'],
    ['accounts with spaces', 'DE89 3704 '],
    ['plus signs', '+1'],
    ['telephones', '+1 (2)-'],
    ['JSON Web Tokens', 'eyJ'],
    ['their parts', 'eyJaaaaaaaaaa.eyJaaaaaaaaaa.'],
    ['tokens', 'glpat-'],
  ])('that are made of %s alone take no longer than others of their length', async (_, part) => {
    const { secrets: _secrets, ...forms } = ALL;
    await scanner.scan(long(part), forms);
  });

  test('what a rule of secretlint is slow at stops nobody else, and is given up in time', async () => {
    const quick = new Scanner({ limit: 1 });
    const slow = long(`SG.${'a'.repeat(128)}.${'a'.repeat(300)} `);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const scan = await quick.scan(slow, { secrets: 'block' });
    clearInterval(timer);
    expect(scan).toMatchObject({ value: slow, found: [{ rule: 'not-scanned', done: 'blocked' }], blocked: [] });
    expect(scan.problem).toMatch(/longer than/);
    expect(turns).toBeGreaterThan(1);
    const flagged = await quick.scan(slow, { secrets: 'flag' });
    expect(flagged).toMatchObject({ found: [{ rule: 'not-scanned', done: 'flagged' }] });
    expect(flagged.problem).toBeUndefined();
    const both = await quick.scan([slow, 'a@b.com'], { secrets: 'flag', mail: 'redact' });
    expect(both).toMatchObject({
      value: [slow, '[redacted: mail]'],
      found: [{ rule: 'not-scanned' }, { rule: 'mail' }],
    });
    await quick.close();
    expect((await quick.scan(slow, { secrets: 'redact' })).problem).toBe('the worker stops');
  });

  test('a value in which nothing is found is the same value, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const scan = await scanner.scan(value as Json, { iban: 'redact', card: 'redact' });
        if (scan.found.length === 0) expect(scan.value).toBe(value);
      }),
      { numRuns: 200 },
    );
  });

  test('what is redacted is found no more, whatever stands around it', async () => {
    const part = fc.oneof(
      fc.constantFrom('4111 1111 1111 1111', 'a@b.com', '+49 30 901820', 'DE89370400440532013000'),
      fc.string({ maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.string(), async (parts, name) => {
        const { secrets: _secrets, ...forms } = ALL;
        const { value } = await scanner.scan({ [name]: [parts.join(' ')] }, forms);
        expect((await scanner.scan(value, forms)).found).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
