import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { WorkerIdentity } from '../protocol/call.ts';

/** What a worker leaves on disk about itself; read by the next process under the same name. */
interface Boot {
  readonly boot: string;
  readonly pid: number;
  readonly drained: boolean;
}

export interface WorkerHome {
  readonly identity: WorkerIdentity;
  /** The folder in which this worker keeps what must survive it. */
  readonly dir: string;
  /** Says that this process ended in order: no restart is counted for it. */
  leave(): Promise<void>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Where workers keep their state: $CUSTODY_STATE_DIR, else the user's state folder. */
export const stateDir = (): string =>
  process.env.CUSTODY_STATE_DIR ?? join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'custody');

/**
 * Moves in under a name. A name in use by a living process on this machine gets a number: `host-2`.
 *
 * @param name the default is the host's name; a worker keeps its name over restarts, so that it is asked for what it
 * knew
 */
export async function moveIn(name: string = hostname(), root: string = stateDir()): Promise<WorkerHome> {
  if (!NAME.test(name))
    throw new TypeError(`A worker's name is letters, digits, '.', '_' and '-', at most 63: '${name}' is not.`);
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`;
    const dir = join(root, free);
    const before = readBoot(dir);
    if (before && !before.drained && before.pid !== process.pid && isAlive(before.pid)) continue;
    const boot: Boot = { boot: randomBytes(9).toString('base64url'), pid: process.pid, drained: false };
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeBoot(dir, boot);
    return {
      dir,
      identity: { name: free, boot: boot.boot, afterDrain: before?.drained ?? false },
      leave: () => writeBoot(dir, { ...boot, drained: true }),
    };
  }
}

function readBoot(dir: string): Boot | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'boot.json'), 'utf8')) as Boot;
  } catch {
    return undefined;
  }
}

async function writeBoot(dir: string, boot: Boot): Promise<void> {
  const file = join(dir, 'boot.json');
  await writeFile(`${file}.${boot.boot}`, JSON.stringify(boot), { mode: 0o600 });
  await rename(`${file}.${boot.boot}`, file);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
