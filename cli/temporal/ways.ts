import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './run.ts';

/** What a way of finding Temporal may look at; a test passes its own. */
export interface Surroundings {
  /** Environment of the programs that are started, and whose PATH is searched. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where downloads and builds are kept. */
  readonly cacheDir: string;
  /** Gets lines of progress. */
  readonly log: (line: string) => void;
}

/** One way to come by the `temporal` executable. */
export interface Way {
  /** As error messages name it. */
  readonly name: string;
  /** The path of the executable if this way has it at hand, without network and in no time. */
  present(surroundings: Surroundings): Promise<string | undefined>;
  /** Gets the executable. @throws Error that says why it cannot. */
  obtain(surroundings: Surroundings): Promise<string>;
}

export const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** `path` if it can be executed, else undefined. */
export const ifExecutable = async (path: string): Promise<string | undefined> =>
  (await isExecutable(path)) ? path : undefined;

async function onPath(env: Surroundings['env']): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, 'temporal')))) return join(folder, 'temporal');
  }
  return undefined;
}

/** The Temporal CLI that the user installed. One that does not run is passed over. */
export const installedCli: Way = {
  name: '`temporal` on the PATH',

  async present({ env }) {
    const path = await onPath(env);
    if (path === undefined) return undefined;
    return run(path, ['--version'], { env, timeout: 10_000 }).then(
      () => path,
      () => undefined,
    );
  },

  async obtain({ env }) {
    const path = await onPath(env);
    if (path === undefined) throw new Error('there is none');
    await run(path, ['--version'], { env, timeout: 10_000 });
    return path;
  },
};
