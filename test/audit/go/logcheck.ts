import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDir } from '../../../cli/temporal/cacheDir.ts';
import { makeOnce } from '../../../cli/temporal/once.ts';
import { run } from '../../../cli/temporal/run.ts';
import { isExecutable } from '../../../cli/temporal/ways.ts';
import type { LogFile } from '../../../audit/tlog/tiles/files.ts';

/** The Go program beside this file; what is compiled lies in `dist`, where it is not. */
const SOURCES = fileURLToPath(new URL('.', import.meta.url)).replace(/[/\\]dist(?=[/\\]test[/\\]audit[/\\]go)/, '');

/** Why there is no Go; undefined: there is. */
export const withoutGo: string | undefined = await run('go', ['version'], { env: process.env }).then(
  () => undefined,
  (error: Error) => `needs Go, to ask programs that are not ours: ${error.message}`,
);

/** The program, built once for each version of its sources. @throws Error that says why it cannot be built */
export async function logcheckPath(): Promise<string> {
  const digest = createHash('sha256');
  for (const name of readdirSync(SOURCES)
    .filter((each) => /\.(?:go|mod|sum)$/.test(each))
    .sort())
    digest.update(`${name}\n`).update(readFileSync(join(SOURCES, name)));
  const target = join(cacheDir(), 'logcheck', digest.digest('hex').slice(0, 16));
  const present = () => isExecutable(target);
  if (await present()) return target;
  await makeOnce(target, present, async (workDir) => {
    const env = { ...process.env, CGO_ENABLED: '0' };
    await run('go', ['build', '-trimpath', '-o', join(workDir, 'logcheck'), '.'], { env, cwd: SOURCES });
    return join(workDir, 'logcheck');
  });
  return target;
}

/** What the program prints, as bytes. It runs on one core. */
export async function logcheckBytes(...args: readonly string[]): Promise<Buffer> {
  const env = { ...process.env, GOMAXPROCS: '1' };
  const options = { env, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await promisify(execFile)(await logcheckPath(), args, options);
  return stdout;
}

/** Its verdict: OK, or a code of ours, and a sentence. */
export const logcheck = async (...args: readonly string[]): Promise<string> =>
  (await logcheckBytes(...args)).toString().trimEnd();

/** Writes files of a log into a folder. */
export async function writeLog(folder: string, files: Iterable<LogFile>): Promise<void> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}
