import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * The folder of the payload store: the one that is named, else $CUSTODY_STORE, else a folder among the user's data, so
 * that clients and workers of one user on one machine share it unasked.
 *
 * @param named relative to the working directory
 */
export const storeFolder = (named?: string): string =>
  resolve(
    named ??
      (process.env.CUSTODY_STORE ||
        join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'custody', 'payloads')),
  );

/** Why a folder cannot be written to or made; undefined when it can. Makes nothing. */
export async function problemOfFolder(dir: string): Promise<string | undefined> {
  for (let path = dir; ; path = dirname(path)) {
    const problem = await access(path, constants.R_OK | constants.W_OK | constants.X_OK).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    if (!problem) return undefined;
    if (problem.code !== 'ENOENT' || path === dirname(path)) return problem.message;
  }
}
