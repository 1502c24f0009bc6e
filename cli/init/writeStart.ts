import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CustodyError } from '../../protocol/errors.ts';
import { listed } from '../../protocol/values/text.ts';
import { PACKAGE } from '../package.ts';

const SOURCE = fileURLToPath(new URL('examples/start/', PACKAGE));
const FILES = ['governance.yaml', 'session.yaml', 'agent.yaml', 'custody.yaml'] as const;
/** As the operator file of the examples names the server beside it, which stays in this package. */
const SERVER = './notes.mjs';

/**
 * Writes files to begin with into a folder, and overwrites none.
 *
 * @returns their absolute paths
 * @throws CustodyError USAGE where one of them is there already, or cannot be written
 */
export async function writeStart(folder: string): Promise<string[]> {
  const there = FILES.filter((name) => existsSync(join(folder, name)));
  if (there.length > 0)
    throw new CustodyError(
      'USAGE',
      `${listed(there)} ${there.length === 1 ? 'is' : 'are'} in ${resolve(folder)} already, so nothing was written; ` +
        'name another folder: custody init FOLDER',
    );
  const server = JSON.stringify(join(SOURCE, SERVER));
  try {
    await mkdir(folder, { recursive: true });
    const written = FILES.map(async (name) => {
      const text = await readFile(join(SOURCE, name), 'utf8');
      await writeFile(
        join(folder, name),
        text.replace(SERVER, () => server),
        { flag: 'wx' },
      );
      return resolve(folder, name);
    });
    return await Promise.all(written);
  } catch (error) {
    throw new CustodyError('USAGE', `The files cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
