import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { publicKeyOf } from '../../client/identity/key.ts';
import { keyIdOf } from '../../config/public-key.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { PRINCIPAL_NAME, RESERVED_NAMES } from '../../protocol/identity/principals.ts';
import { quote } from '../../protocol/values/text.ts';

export interface MadeKey {
  readonly name: string;
  /** Of the private key. */
  readonly file: string;
  readonly id: string;
  readonly publicKey: string;
  /** For the list of principals. */
  readonly lines: string;
}

/**
 * Makes a pair of keys and keeps the private one in a file.
 * @throws CustodyError USAGE for a name that no principal can have, or a file that is there
 */
export async function makeKey(name: string | undefined, out?: string): Promise<MadeKey> {
  if (name === undefined) throw new CustodyError('USAGE', 'Say whose key it is, with --name.');
  if (!PRINCIPAL_NAME.test(name) || RESERVED_NAMES.includes(name))
    throw new CustodyError(
      'USAGE',
      `${quote(name)} cannot be the name of a principal: write up to 63 lower-case letters a to z, digits, ".", "_", ` +
        '"-" and "@".',
    );
  const file = out ?? `${name}.key.pem`;
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is there already, and a key is not written over' : `(${error.code})`;
    throw new CustodyError('USAGE', `The file ${file} cannot be written: it ${why}.`);
  });
  const publicKey = publicKeyOf(privateKey);
  const id = keyIdOf(publicKey);
  const lines = [`  ${name}:`, '    roles: [operator]', `    keys: [{ key: ${publicKey} }] # ${id}`].join('\n');
  return { name, file, id, publicKey, lines };
}
