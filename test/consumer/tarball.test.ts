import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'custody-pack-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const packed = (): readonly string[] => {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: dir, encoding: 'utf8' });
  const [{ files }] = JSON.parse(said) as [{ readonly files: readonly { readonly path: string }[] }];
  return files.map(({ path }) => path);
};

test('U1: what git ignores is in no package, wherever it lies', () => {
  for (const each of ['package.json', '.gitignore', 'README.md', 'LICENSE']) cpSync(each, join(dir, each));
  const ignored = readFileSync('.gitignore', 'utf8').split('\n').filter(Boolean);
  const kept = [
    'docs/errors.md',
    'examples/demo/main.ts',
    'examples/agents/claude-code/.mcp.json',
    'dist/cli/custody.js',
  ];
  const strange = ['docs', 'examples', 'examples/agents/openclaw', 'dist/cli'].flatMap((folder) =>
    ignored
      .filter((each) => each !== 'dist/')
      .map((each) => join(folder, each.endsWith('/') ? `${each}secret.txt` : each.replace('*', 'npm-debug'))),
  );
  for (const path of [...kept, ...strange]) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), 'x');
  }
  expect(strange.length).toBeGreaterThan(15);
  expect([...packed()].sort()).toEqual([...kept, 'LICENSE', 'README.md', 'package.json'].sort());
});
