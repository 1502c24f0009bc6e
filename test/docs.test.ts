import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = ['README.md', ...walk('docs')].filter((path) => path.endsWith('.md'));

function walk(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? walk(path) : [path];
  });
}

test('U1: the README begins with one sentence and a program of at most 15 lines, the one that examples/first.ts compiles', () => {
  const program = /```ts\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  expect(program).toBe(read('examples/first.ts'));
  expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
});

test.each(pages)('U4: every link of %s leads somewhere in the repository', (page) => {
  for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
    expect(existsSync(file), `${page} -> ${target}`).toBe(true);
    if (anchor !== undefined && file.endsWith('.md')) expect(anchorsOf(readFileSync(file, 'utf8')), `${page} -> ${target}`).toContain(anchor);
  }
});

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));

test('U1: the client installs and runs without the native worker: nothing that it imports leads there', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, type, target = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (type )?[^'"]*from '([^']+)'/gm)) {
      if (type) continue;
      if (target.startsWith('.')) visit(resolve(dirname(file), target));
      else packages.add(target);
    }
  };
  visit(join(root, 'client/index.ts'));
  expect(seen.size).toBeGreaterThan(20);
  for (const name of ['@temporalio/worker', '@temporalio/testing', '@temporalio/core-bridge', '@temporalio/activity']) expect([...packages]).not.toContain(name);
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  expect(Object.keys(dependencies ?? {})).not.toContain('@temporalio/worker');
  expect(Object.keys(optionalDependencies ?? {})).toContain('@temporalio/worker');
});
