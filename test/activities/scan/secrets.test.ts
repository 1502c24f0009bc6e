import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Scanner } from '../../../activities/scan/scanner.ts';
import type { ScanWanted } from '../../../protocol/incidents/scan.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { lookalikes, samples } from './samples.ts';

const scanner = new Scanner();
afterAll(() => scanner.close());

const ALL: ScanWanted = { secrets: 'redact', mail: 'redact', iban: 'redact', card: 'redact', phone: 'redact' };
const page = (): string => readFileSync(new URL('../../../docs/incidents.md', import.meta.url), 'utf8');

describe('P5: secrets of public formats, made up for the test', () => {
  test('of 200 samples those are found whose format a rule knows, wherever they stand, and none is left', async () => {
    const all = samples();
    expect(all).toHaveLength(200);
    let found = 0;
    for (const { format, rule, secret, value } of all) {
      const scan = await scanner.scan(value as Json, { secrets: 'redact' });
      expect([format, [...new Set(scan.found.map((each) => each.rule))]]).toEqual([
        format,
        rule === null ? [] : [rule],
      ]);
      if (rule === null) continue;
      found += 1;
      const left = JSON.stringify(scan.value);
      // Of a line with a name, the name may stand.
      const body = secret.slice(-16);
      expect([format, left.includes(JSON.stringify(body).slice(1, -1))]).toEqual([format, false]);
      expect(left).toContain(`[redacted: ${rule}]`);
    }
    expect(page()).toContain(`${found} of 200`);
  });

  test('of 2,000 lines that look like secrets and personal data, so many are taken for one', async () => {
    const lines = lookalikes();
    expect(new Set(lines).size).toBeGreaterThan(1800);
    const taken: Record<string, number> = {};
    for (const line of lines)
      for (const { rule } of (await scanner.scan(line, ALL)).found) taken[rule] = (taken[rule] ?? 0) + 1;
    const sum = Object.values(taken).reduce((all, each) => all + each, 0);
    expect(page(), JSON.stringify(taken)).toContain(`${sum} of 2,000`);
    for (const [rule, times] of Object.entries(taken)) expect(page()).toContain(`${times} by \`${rule}\``);
  });
});

describe('P5: what is found', () => {
  const [sample] = samples();
  const secret = sample?.secret ?? '';

  test('is told by rule, place and number, and never by its text', async () => {
    const value = { content: [{ type: 'text', text: `${secret} and ${secret}` }], more: { 'a b': secret } };
    const { found, value: left } = await scanner.scan(value, { secrets: 'redact' });
    expect(found).toEqual([
      { what: 'secrets', rule: 'github-token', path: '$.content[0].text', times: 2, done: 'redacted' },
      { what: 'secrets', rule: 'github-token', path: '$.more["a b"]', times: 1, done: 'redacted' },
    ]);
    expect(left).toEqual({
      content: [{ type: 'text', text: '[redacted: github-token] and [redacted: github-token]' }],
      more: { 'a b': '[redacted: github-token]' },
    });
  });

  test('may be a name, and two of them are not one', async () => {
    const [first, second] = [samples()[0]?.secret ?? '', samples()[1]?.secret ?? ''];
    const { value, found } = await scanner.scan({ [first]: 1, [second]: 2 }, { secrets: 'block' });
    expect(value).toEqual({ '[redacted: github-token]': 1, '[redacted: github-token] 1': 2 });
    expect(JSON.stringify(found)).not.toContain(first);
  });

  test('is left where it is only flagged, and what is off is not looked for', async () => {
    const flagged = await scanner.scan({ a: secret }, { secrets: 'flag' });
    expect(flagged).toMatchObject({ value: { a: secret }, found: [{ done: 'flagged' }], blocked: [] });
    expect(await scanner.scan({ a: secret }, { mail: 'block' })).toMatchObject({ value: { a: secret }, found: [] });
  });

  test('cannot be hidden by a comment that tells a linter to look away', async () => {
    const value = `/* secretlint-disable */ ${secret} // secretlint-disable-line`;
    expect((await scanner.scan(value, { secrets: 'redact' })).found).toHaveLength(1);
  });

  test('is not made up from two texts that stand beside each other', async () => {
    expect((await scanner.scan([secret.slice(0, 20), secret.slice(20)], { secrets: 'redact' })).found).toEqual([]);
  });
});
