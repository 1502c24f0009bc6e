import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDir } from '../../../cli/temporal/cacheDir.ts';
import { makeOnce } from '../../../cli/temporal/once.ts';
import { run } from '../../../cli/temporal/run.ts';
import { isExecutable } from '../../../cli/temporal/ways.ts';

/** The Go program beside this file. */
export const SOURCES = fileURLToPath(new URL('.', import.meta.url));

/** Why there is no Go; undefined: there is. */
export const withoutGo: string | undefined = await promisify(execFile)('go', ['version']).then(
  () => undefined,
  (error: Error) => `needs Go, to ask a program that is not ours: ${error.message}`,
);

/** The program, built once for each version of its sources. */
export async function bundlecheckPath(): Promise<string> {
  const digest = createHash('sha256');
  for (const name of readdirSync(SOURCES)
    .filter((each) => /\.(?:go|mod|sum)$/.test(each))
    .sort())
    digest.update(`${name}\n`).update(readFileSync(join(SOURCES, name)));
  const target = join(cacheDir(), 'bundlecheck', digest.digest('hex').slice(0, 16));
  const present = () => isExecutable(target);
  if (await present()) return target;
  await makeOnce(target, present, async (workDir) => {
    const env = { ...process.env, CGO_ENABLED: '0' };
    await run('go', ['build', '-trimpath', '-o', join(workDir, 'bundlecheck'), '.'], { env, cwd: SOURCES });
    return join(workDir, 'bundlecheck');
  });
  return target;
}

/** What it says of a bundle. */
export interface Answer {
  readonly sound: boolean;
  readonly codes: readonly string[];
}

/** The program as it answers for changes of bundles, one after the other. */
export class Checker {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(path: string, args: readonly string[]) {
    this.#process = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface(this.#process.stdout!)[Symbol.asyncIterator]();
  }

  static async of(vkey: string, folders: readonly string[]): Promise<Checker> {
    return new Checker(await bundlecheckPath(), ['-stream', vkey, ...folders]);
  }

  async ask(bundle: number, before: ReadonlyMap<string, Uint8Array>, after: ReadonlyMap<string, Uint8Array>) {
    const files: { [path: string]: string | null } = {};
    for (const path of before.keys()) if (!after.has(path)) files[path] = null;
    for (const [path, bytes] of after)
      if (before.get(path) !== bytes) files[path] = Buffer.from(bytes).toString('base64');
    this.#process.stdin!.write(`${JSON.stringify({ bundle, files })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('bundlecheck ended');
    return JSON.parse(value) as Answer;
  }

  close(): void {
    this.#process.stdin!.end();
  }
}
