import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REQUIREMENTS } from './requirements.ts';

/** The text in quotes that follows `test(`, `describe(` and their tables: `test.each(ROWS)('…`. */
const CALL = String.raw`\b(?:test|it|describe)\b(?:\.\w+)*(?:\((?:[^()]|\([^()]*\))*\))?\(\s*`;
/** @param quote the backreference to the opening quote */
const quoted = (quote: string): string => String.raw`(['"\x60])((?:\\.|(?!` + quote + String.raw`)[\s\S])*)` + quote;
const TITLE = new RegExp(`${CALL}${quoted('\\1')}|${String.raw`\]\)\(\s*`}${quoted('\\3')}`, 'g');
/** `L1`, `L1, L4`, at the start of a title, before a colon or a word. */
const IDS = /^((?:[LTEPCAGU]\d{1,2})(?:, (?:[LTEPCAGU]\d{1,2}))*)\b/;

const cited = new Map<string, string[]>();
for (const name of readdirSync('test', { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.test.ts')) continue;
  for (const match of readFileSync(`test/${name}`, 'utf8').matchAll(TITLE)) {
    const title = match[2] ?? match[4] ?? '';
    for (const id of IDS.exec(title)?.[1]?.split(', ') ?? [])
      cited.set(id, [...(cited.get(id) ?? []), `${name}: ${title}`]);
  }
}

test('each requirement of a finished part is cited by a test', () => {
  expect(Object.keys(REQUIREMENTS).filter((id) => REQUIREMENTS[id]?.finished && !cited.has(id))).toEqual([]);
});

test('tests cite requirements that exist', () => {
  expect([...cited].filter(([id]) => !Object.hasOwn(REQUIREMENTS, id)).flatMap(([, titles]) => titles)).toEqual([]);
});

test('citations are found in plain tests, in tables and in groups', () => {
  const found = (source: string) => [...source.matchAll(TITLE)].map((match) => match[2] ?? match[4]);
  expect(found("test('E3: one', () => {")).toEqual(['E3: one']);
  expect(found("describe.each(TABLE)('E3: two', () => {")).toEqual(['E3: two']);
  expect(found("test.each([\n  ['x', f(1)],\n])('E3: three', () => {")).toEqual(['E3: three']);
  expect(found('test.skipIf(!java())(`E3: four`, () => {')).toEqual(['E3: four']);
  expect(cited.get('L1')?.length).toBeGreaterThan(1);
});
