import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';

const LINE = 120;
const FILE = 250;
const MEDIAN = 80;
const FOLDER = 15;

const files = execFileSync('git', ['ls-files', '*.ts', '*.mjs'], { encoding: 'utf8' }).trim().split('\n');
const lengths = new Map(files.map((file) => [file, readFileSync(file, 'utf8').split('\n')]));

test('every line of code has at most 120 columns', () => {
  const long = [...lengths].flatMap(([file, lines]) =>
    lines.flatMap((line, index) => (line.length > LINE ? [`${file}:${index + 1}`] : [])),
  );
  expect(long).toEqual([]);
});

test('no file has more than 250 lines, and half of them at most 80', () => {
  const counts = [...lengths].map(([file, lines]) => [file, lines.length - 1] as const);
  expect(counts.filter(([, count]) => count > FILE)).toEqual([]);
  const sorted = counts.map(([, count]) => count).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(MEDIAN);
});

test('no folder has more than 15 files of code side by side', () => {
  const folders = new Map<string, number>();
  for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  expect([...folders].filter(([, count]) => count > FOLDER)).toEqual([]);
});
