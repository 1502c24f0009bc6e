import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { makeKey } from '../../../cli/keys/make.ts';
import { readKey, type Signer } from '../../../client/identity/key.ts';
import type { Role } from '../../../protocol/identity/standing.ts';

/** Somebody with a key. */
export interface Somebody {
  readonly name: string;
  /** Of the private key. */
  readonly file: string;
  /** For the list of principals. */
  readonly publicKey: string;
  readonly id: string;
  readonly signer: Signer;
}

let folder: string | undefined;
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Makes a key as `custody keys new` does. */
export async function somebody(name: string): Promise<Somebody> {
  folder ??= mkdtempSync(join(tmpdir(), 'custody-keys-'));
  const made = await makeKey(name, join(folder, `${name}-${Math.random().toString(36).slice(2)}.pem`));
  const { file, publicKey, id } = made;
  return { name, file, publicKey, id, signer: readKey(file) };
}

/** As the list of principals has somebody. */
export const entryOf = (who: Somebody, roles: readonly Role[], more: object = {}, ofKey: object = {}) => ({
  [who.name]: { roles, keys: [{ key: who.publicKey, ...ofKey }], ...more },
});
