import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const json = async (file: string) => JSON.parse(await readFile(join(ROOT, file), 'utf8')) as Manifest;

interface Manifest {
  readonly packages: { readonly [path: string]: object };
  readonly devDependencies: { readonly [name: string]: string };
  readonly [key: string]: unknown;
}

/**
 * With `skipLibCheck: false` because of `@types/ms` among our dependencies: Temporal's types name those of `ms`, which
 * hides them from ES modules.
 */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: false,
    rewriteRelativeImportExtensions: true,
    outDir: 'dist',
  },
  include: ['*.ts'],
};

/** Somebody's project in a folder of its own, into which the packed package is installed and nothing else of ours. */
export class Consumer {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * Packs what is built, and installs it without what is optional, at the versions of our lock file: from npm's cache,
   * where they are.
   */
  static async make(): Promise<Consumer> {
    const dir = await mkdtemp(join(tmpdir(), 'custody-consumer-'));
    const { stdout } = await run('npm', ['pack', ROOT, '--ignore-scripts', '--silent'], { cwd: dir });
    const resolved = `file:${stdout.trim()}`;
    const [lock, { name, version, dependencies, optionalDependencies, bin, devDependencies }] = await Promise.all([
      json('package-lock.json'),
      json('package.json'),
    ]);
    const own = {
      name: 'consumer',
      private: true,
      type: 'module',
      dependencies: { [String(name)]: resolved },
      devDependencies: { '@types/node': devDependencies['@types/node'] },
    };
    const packed = { version, resolved, dependencies, optionalDependencies, bin };
    const packages = { ...lock.packages, '': own, [`node_modules/${String(name)}`]: packed };
    const consumer = new Consumer(dir);
    await consumer.write('package.json', JSON.stringify(own));
    await consumer.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
    await consumer.write('tsconfig.json', JSON.stringify(TSCONFIG));
    const quiet = ['--prefer-offline', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
    await run('npm', ['ci', ...quiet], { cwd: dir });
    return consumer;
  }

  write(name: string, content: string): Promise<void> {
    return writeFile(join(this.dir, name), content);
  }

  /** Compiles the project; what the compiler says. */
  async compile(): Promise<string> {
    const compiler = join(ROOT, 'node_modules/.bin/tsc');
    return run(compiler, ['-p', '.'], { cwd: this.dir }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  }

  /** Runs a program of it; what it prints. */
  async run(program: string, env: { readonly [name: string]: string | undefined }): Promise<string> {
    return (await run(process.execPath, [program], { cwd: this.dir, env: { ...process.env, ...env } })).stdout;
  }

  remove(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}
