import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECK_NAMES } from '../../../audit/check/finding.ts';
import { CODES } from '../../../audit/check/codes.ts';

const page = readFileSync('docs/audit.md', 'utf8');

test('A3: each check and each code that it can find stands in docs/audit.md, and no other', () => {
  for (const name of CHECK_NAMES) expect(page).toContain(`**${name}**: `);
  const section = page.slice(page.indexOf('### What is checked'), page.indexOf('### What only the seal finds'));
  const named = [...section.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, code]) => code);
  expect(named.toSorted()).toEqual(Object.keys(CODES).toSorted());
});
