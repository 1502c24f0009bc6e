import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDir } from '../../cli/temporal/cacheDir.ts';

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('../../../bench/peers/requirements.txt', import.meta.url));

/**
 * The Python of a virtual environment that has requirements.txt and nothing else. It is made once, with `python3` and
 * pip, in Custody's cache folder; other requirements make another.
 */
export async function peersPython(): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  const folder = join(cacheDir(), `peers-${digest.slice(0, 12)}`);
  const python = join(folder, 'bin/python');
  const done = join(folder, '.done');
  if (existsSync(done)) return python;
  console.error(`Installing ${REQUIREMENTS} into ${folder} …`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(cacheDir(), { recursive: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  await writeFile(done, '');
  return python;
}
