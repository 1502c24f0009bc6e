import { readFile, writeFile } from 'node:fs/promises';
import { CustodyError } from '../protocol/errors.ts';

/** The text of a key in a file. @throws CustodyError KEY_INVALID */
export const readKeyFile = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error: unknown) => {
      throw new CustodyError('KEY_INVALID', `The file of the key cannot be read: ${(error as Error).message}`);
    },
  );

/** Writes a key to a file that is not there yet, for its owner alone. @throws CustodyError USAGE */
export const writeKeyFile = (path: string, key: string): Promise<void> =>
  writeFile(path, `${key}\n`, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw new CustodyError('USAGE', `The key cannot be written: ${(error as Error).message}`);
  });

/** The key in a file, which is made where it is not there: whoever comes second gets that of the first. */
export async function keyInFile(path: string, make: () => string): Promise<string> {
  await writeFile(path, `${make()}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readKeyFile(path);
}
