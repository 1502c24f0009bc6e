import { afterAll, expect, test } from 'vitest';
import { Scanner } from '../../../activities/scan/scanner.ts';
import type { Scanned } from '../../../protocol/incidents/scan.ts';

const scanner = new Scanner();
afterAll(() => scanner.close());

/** `«` and `»` stand around what is found. */
const CASES: { readonly [what in Exclude<Scanned, 'secrets'>]: readonly string[] } = {
  mail: [
    'write to «ann.b+news@mail.example.org».',
    '<«a@b.co»>, «x_y%z@sub-domain.example.travel»',
    'a@localhost, @scope/pkg, a@b, .@example.org, a..b@example.org, https://ann@example.org/x',
    '@«a@b.com»@«c@d.com»',
  ],
  iban: [
    'to «DE89 3704 0044 0532 0130 00» today',
    '«GB82WEST12345698765432», «NO9386011117947» and «FR1420041010050500013M02606»',
    'DE89 3704 0044 0532 0130 01, DE8937040044053201300, XX82WEST12345698765432, AGB82WEST12345698765432',
  ],
  card: [
    'card «4111 1111 1111 1111», «5555-5555-5555-4444» or «378282246310005»',
    '«6011111111111117» «3530111333300000» «2223003122003222»',
    '4111111111111112, 1234567812345670, 41111111111111111111, 0.4111111111111111, a4111111111111111',
  ],
  phone: [
    'call «+49 30 901820», «+1 (212) 555-0123» or «0044 20 7946 0958»',
    '«(212) 555-0123» or «212-555-0123»',
    '+5 %, 2026-11-27, 192.168.0.1, 00123456789, +12, 030 901820, x+491234567890, 1-212-555-01234',
  ],
};

test.each(Object.entries(CASES).flatMap(([what, lines]) => lines.map((line) => [what as Scanned, line] as const)))(
  'P5: %s: %s',
  async (what, line) => {
    const { value } = await scanner.scan(line.replace(/[«»]/g, ''), { [what]: 'redact' });
    expect(value).toBe(line.replace(/«.*?»/g, `[redacted: ${what}]`));
  },
);

test('P5: a whole number may be the number of a card', async () => {
  const { value } = await scanner.scan({ pan: 4111111111111111, total: 41 }, { card: 'redact' });
  expect(value).toEqual({ pan: '[redacted: card]', total: 41 });
});
