import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface WorkerProcess {
  /** Resident memory of the process, after its garbage was collected as far as can be asked for, in KiB. */
  memory(): Promise<number>;
  /** A planned stop. With profiles, they are written when this settles. */
  stop(): Promise<void>;
}

/**
 * Starts a worker as a process of its own; it takes work when this settles.
 *
 * @param script the module, relative to bench/
 * @param profiles the folder into which each thread of it writes a CPU profile as it ends
 */
export async function startProcess(
  script: string,
  args: readonly string[],
  profiles: string | undefined,
): Promise<WorkerProcess> {
  const profile = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profiles];
  const child = fork(fileURLToPath(new URL(join('..', script), import.meta.url)), args, {
    execArgv: ['--expose-gc', ...profile],
  });
  await answer(child);
  return {
    async memory() {
      child.send('memory');
      return (await answer(child)) as number;
    },
    async stop() {
      const end = child.exitCode ?? child.signalCode;
      if (end !== null) throw new Error(`${script} ended before, with ${end}`);
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The next message of a worker. Fails when it ends instead. */
async function answer(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the worker ended with ${String(code)}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  ended.catch(() => undefined);
  return message;
}
