import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Makes `target` (a file or a folder) once, however many processes ask at the same time.
 *
 * `make` works in a fresh folder beside the target and answers the path in it that is to become the target. The
 * result is moved into place in one step, so that whoever sees `target` sees it whole. One process makes it and the
 * others wait; should the lock be lost (a suspended machine), it is made twice and nothing else goes wrong.
 *
 * @param present answers whether the target is there; asked again under the lock.
 */
export async function makeOnce(
  target: string,
  present: () => Promise<boolean>,
  make: (workDir: string) => Promise<string>,
): Promise<void> {
  // Loaded here because the package listens to signals from the moment it is loaded.
  const { lock } = await import('proper-lockfile');
  await mkdir(dirname(target), { recursive: true });
  const release = await lock(target, {
    realpath: false,
    stale: 20_000,
    retries: { forever: true, factor: 1, minTimeout: 500, maxTimeout: 500 },
    onCompromised: () => {},
  });
  try {
    if (await present()) return;
    const workDir = await mkdtemp(join(dirname(target), '.making-'));
    try {
      const made = await make(workDir);
      // What stands there is not whole, or `present` would have said so.
      await rm(target, { recursive: true, force: true });
      await rename(made, target);
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  } finally {
    await release().catch(() => {});
  }
}
