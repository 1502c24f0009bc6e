import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import { sha256Hex } from '../../protocol/values/digest.ts';
import { isObject } from '../../protocol/values/json.ts';
import { type Release, takeHold } from './hold.ts';

/** What a worker leaves on disk about itself; read by the next process under the same name. */
interface Boot {
  readonly boot: string;
  readonly drained: boolean;
}

/** What a worker has while it has its name. */
export interface WorkerHome {
  readonly identity: WorkerIdentity;
  /** The folder in which this worker keeps what must survive it. */
  readonly dir: string;
  /** Says that all calls of this process ended in order: no restart is counted for it. */
  drained(): Promise<void>;
  /** Gives the name up, once nothing is written to `dir` any more. */
  leave(): Promise<void>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Where workers keep their state: $CUSTODY_STATE_DIR, else the user's state folder. */
export const stateDir = (): string =>
  process.env.CUSTODY_STATE_DIR ?? join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'custody');

/**
 * Moves in under a name, which no other living process on this machine has then (`takeHold` says how). A name that is
 * taken gets a number: `host-2`. A process that was killed has its name no more from that moment on.
 *
 * @param name the default is the host's name; a worker keeps its name over restarts, so that it is asked for what it
 * knew
 * @param root folder of all workers
 */
export async function moveIn(name: string = hostname(), root: string = stateDir()): Promise<WorkerHome> {
  if (!NAME.test(name))
    throw new TypeError(`A worker's name is letters, digits, '.', '_' and '-', at most 63: '${name}' is not.`);
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`;
    const release = await takeHold(socketOf(root, free));
    if (!release) continue;
    try {
      return await home(free, join(root, free), release);
    } catch (error) {
      await release();
      throw error;
    }
  }
}

async function home(name: string, dir: string, release: Release): Promise<WorkerHome> {
  const boot: Boot = { boot: randomBytes(9).toString('base64url'), drained: false };
  const afterDrain = await drainedBefore(dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeBoot(dir, boot);
  return {
    dir,
    identity: { name, boot: boot.boot, afterDrain },
    drained: () => writeBoot(dir, { ...boot, drained: true }),
    leave: release,
  };
}

/** Short, as the path of a socket must be. */
const socketOf = (root: string, name: string): string => join(root, '.alive', sha256Hex(name).slice(0, 16));

async function drainedBefore(dir: string): Promise<boolean> {
  try {
    const before: unknown = JSON.parse(await readFile(join(dir, 'boot.json'), 'utf8'));
    return isObject(before) && before.drained === true;
  } catch {
    return false;
  }
}

async function writeBoot(dir: string, boot: Boot): Promise<void> {
  const file = join(dir, 'boot.json');
  await writeFile(`${file}.${boot.boot}`, JSON.stringify(boot), { mode: 0o600 });
  await rename(`${file}.${boot.boot}`, file);
}
