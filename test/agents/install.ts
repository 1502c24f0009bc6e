import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Packages from npm in a folder of their own below the system's temporary one, installed once; each with its exact
 * version.
 */
export async function npmFolder(...packages: readonly string[]): Promise<string> {
  return once('npm', packages, async (folder) => {
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...packages], {
      cwd: folder,
      maxBuffer: 1e8,
    });
  });
}

/** Packages from PyPI in a virtual environment; the path of its Python. */
export async function pythonWith(...packages: readonly string[]): Promise<string> {
  const folder = await once('pip', packages, async (made) => {
    await run('python3', ['-m', 'venv', made]);
    await run(
      join(made, 'bin/python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages],
      { maxBuffer: 1e8 },
    );
  });
  return join(folder, 'bin/python');
}

/** Node.js 24.16 or later, which some tools need: this one, or one from npm. */
export async function nodeOf24(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 16)) return process.execPath;
  const { platform, arch } = process;
  const folder = await npmFolder(`node-${platform}-${arch}@24.21.0`);
  return join(folder, `node_modules/node-${platform}-${arch}/bin/node`);
}

async function once(
  kind: string,
  packages: readonly string[],
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = join(
    tmpdir(),
    `custody-${kind}-${createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12)}`,
  );
  const done = join(folder, '.done');
  if (existsSync(done)) return folder;
  await mkdir(folder, { recursive: true });
  await make(folder);
  await writeFile(done, packages.join('\n'));
  return folder;
}
