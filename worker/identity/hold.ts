import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { dirname } from 'node:path';
import { byteLength } from '../../protocol/values/digest.ts';

/** Bytes in the path of a socket on macOS; Linux takes a few more. */
const LONGEST_PATH = 103;
/** After how long, in milliseconds, the lock of a process that was killed while it took a hold is broken. */
const STALE = 10_000;
/**
 * What `connect` fails with where no process listens: one that was killed leaves its socket, one that left does not.
 */
const NOBODY: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT']);

/** Gives a hold up. */
export type Release = () => Promise<void>;

/**
 * Takes a hold that one living process on this machine can have: it listens on the socket at `path`. The kernel closes
 * that with the process, however it ends, so a hold is free at once after a SIGKILL; no process id is asked, so none
 * that was given out again looks like its holder; and it is seen between containers that share the folder.
 *
 * The kernel does not replace the socket that a killed process left, so those who want a hold take turns, under the
 * lock of the folder. One that is killed in its turn keeps the others waiting for ten seconds.
 *
 * @returns undefined where another one has it
 */
export async function takeHold(path: string): Promise<Release | undefined> {
  if (byteLength(path) > LONGEST_PATH)
    throw new TypeError(
      `The path '${path}' is too long for a socket, which takes ${LONGEST_PATH} bytes: set CUSTODY_STATE_DIR to ` +
        'a shorter one.',
    );
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Loaded here because the package listens to signals from the moment it is loaded.
  const { lock } = await import('proper-lockfile');
  const unlock = await lock(folder, {
    realpath: false,
    stale: STALE,
    retries: { forever: true, factor: 1, minTimeout: 20, maxTimeout: 20 },
    onCompromised: () => {},
  });
  try {
    if (await isHeld(path)) return undefined;
    await rm(path, { force: true });
    return await listen(path);
  } finally {
    await unlock().catch(() => {});
  }
}

/** Does a process listen? One that is stopped, or too busy to answer, does. */
function isHeld(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!('code' in error && NOBODY.has(error.code))));
  });
}

async function listen(path: string): Promise<Release> {
  const server = createServer((caller) => caller.destroy());
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  return async () => {
    server.close();
    await once(server, 'close');
  };
}
