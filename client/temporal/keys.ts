import { readFile } from 'node:fs/promises';
import { clientCodec } from '../../keys/codec.ts';
import { Keyring } from '../../keys/keyring.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { PayloadCodec } from '@temporalio/common';

/**
 * What a client reads and writes with: the keys given, else those of CUSTODY_KEYS, else those in the file that
 * CUSTODY_KEYS_FILE names; none is needed where workers do not encrypt.
 *
 * @throws CustodyError KEY_INVALID
 */
export async function codecOf(given?: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<PayloadCodec> {
  return clientCodec(Keyring.from(given ?? (await keysIn(env))));
}

async function keysIn({ CUSTODY_KEYS: texts, CUSTODY_KEYS_FILE: file }: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (texts) return wordsOf(texts);
  if (!file) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CustodyError('KEY_INVALID', `The file of CUSTODY_KEYS_FILE cannot be read: ${(error as Error).message}`);
  });
  return wordsOf(text);
}

/** One on each line, or with commas between them. */
const wordsOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');
