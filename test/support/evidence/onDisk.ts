import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { vkeyOf } from '../../../audit/tlog/note/keys.ts';
import { SIGNER } from './sealed.ts';

/** The key of whoever sealed the bundles of tests. */
export const VKEY = vkeyOf(SIGNER.verifier);

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder that is gone once the tests of the file are over. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-evidence-'));
  made.push(folder);
  return folder;
}

/** Writes the files of a bundle into a folder, a new one where none is named. */
export async function onDisk(files: ReadonlyMap<string, Uint8Array>, folder?: string): Promise<string> {
  const root = folder ?? join(await scratch(), 'bundle');
  await mkdir(root, { recursive: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  return root;
}
