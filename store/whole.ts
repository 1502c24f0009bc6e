import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file that is whole under its name, whatever dies in between: under another name first, brought to disk, then
 * moved. Only the user of the process can read it. Its folder must be there.
 *
 * @param how `replace`: it takes the place of a file of that name; `keep`: it fails with EEXIST where there is one
 */
export async function writeWhole(path: string, content: Uint8Array, how: 'replace' | 'keep'): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // A second name for the same file, as no rename fails where there is one.
    await (how === 'keep' ? link(part, path) : rename(part, path));
  } finally {
    await rm(part, { force: true });
  }
  await syncFolder(dirname(path));
}

/** Brings the names in a folder to disk: a new name is there only once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes folders below one that is there, for the user of the process alone, each on disk before the next.
 * @throws Error with ENOTDIR where something that is no folder has such a name, a link among them
 */
export async function makeFolders(root: string, names: readonly string[]): Promise<void> {
  let folder = root;
  for (const name of names) {
    const parent = folder;
    folder = join(parent, name);
    const isNew = await mkdir(folder, 0o700).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (isNew) await syncFolder(parent);
    else if (!(await lstat(folder)).isDirectory())
      throw Object.assign(new Error(`ENOTDIR: ${folder} is no folder`), { code: 'ENOTDIR' });
  }
}
