import { cacheDir } from '../temporal/cacheDir.ts';
import { WAYS } from '../temporal/find.ts';
import { run } from '../temporal/run.ts';
import { type Check, fail, note, ok, warn } from './check.ts';

const NODE = [20, 19] as const;

/** This machine: what clients, workers and `custody dev` need of it. */
export async function checkMachine(): Promise<Check[]> {
  return [node(), libc(), await nativeWorker(), await devTemporal(), await java()];
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  return isNew
    ? ok('Node.js', process.versions.node)
    : fail('Node.js', process.versions.node, `Install Node.js ${NODE.join('.')} or later.`);
}

function libc(): Check {
  if (process.platform === 'darwin') return ok('platform', 'macOS');
  if (process.platform !== 'linux')
    return warn('platform', process.platform, 'Run workers on Linux (glibc) or macOS; elsewhere is not tested.');
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined
    ? fail(
        'platform',
        'Linux without glibc',
        'Use a distribution with glibc (not Alpine): the native worker has no build for musl.',
      )
    : ok('platform', `Linux, glibc ${header.glibcVersionRuntime}`);
}

async function nativeWorker(): Promise<Check> {
  try {
    await import('@temporalio/worker');
    return ok('native worker', '@temporalio/worker loads');
  } catch (error) {
    return warn(
      'native worker',
      `@temporalio/worker does not load: ${(error as Error).message.split('\n')[0]}`,
      'Needed where a worker runs: npm install @temporalio/worker. Clients work without it.',
    );
  }
}

/** Looks for what `custody dev` would start; downloads and builds nothing. */
async function devTemporal(): Promise<Check> {
  const name = 'Temporal for `custody dev`';
  const surroundings = { env: process.env, cacheDir: cacheDir(), log: () => undefined };
  for (const way of WAYS) {
    const path = await way.present(surroundings);
    if (path !== undefined) return ok(name, `${way.name}: ${path}`);
  }
  const go = await firstLine('go', 'version');
  return go === undefined
    ? note(
        name,
        'not at hand; `custody dev` would download it',
        'Without access to its download, install the Temporal CLI, or Go to build it.',
      )
    : note(name, `not at hand; \`custody dev\` would download it, or build it with ${go} (some minutes, once)`);
}

async function java(): Promise<Check> {
  const version = await firstLine('java', '-version');
  return version === undefined ? note('Java', 'none; only the tests of long timers use it') : ok('Java', version);
}

const firstLine = (command: string, argument: string): Promise<string | undefined> =>
  run(command, [argument], { env: process.env, timeout: 10_000 }).then(
    ([line]) => line ?? '',
    () => undefined,
  );
