import { resolve } from 'node:path';
import { CustodyError } from '../protocol/errors.ts';
import { readHead, whyUnreadable } from './document/file.ts';
import type { Value } from './schema/server.ts';
import { quote } from '../protocol/values/text.ts';

/** Bytes of a file that holds one secret. */
const MAX_SECRET = 64 * 1024;

/**
 * A configured value, read now: secrets may change while a worker runs. Of a file the line breaks at the end are left
 * out.
 * @param baseDir where relative paths start: `OperatorConfig.dir`
 * @throws CustodyError SECRET_MISSING naming the variable or file, never a value
 */
export async function resolveValue(
  value: Value,
  baseDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  if (typeof value === 'string') return value;
  if ('fromEnv' in value) {
    return env[value.fromEnv] || missing(`The environment variable ${quote(value.fromEnv)} is not set, or empty.`);
  }
  const named = `The file ${quote(value.fromFile)} (fromFile in custody.yaml)`;
  const bytes = await readHead(resolve(baseDir, value.fromFile), MAX_SECRET + 1).catch((error: unknown) =>
    missing(`${named} ${whyUnreadable(error)}.`),
  );
  if (bytes.length > MAX_SECRET)
    return missing(`${named} is larger than ${MAX_SECRET / 1024} KiB, so it is not taken for a secret.`);
  return bytes.toString('utf8').replace(/[\r\n]+$/, '') || missing(`${named} is empty.`);
}

function missing(message: string): never {
  throw new CustodyError('SECRET_MISSING', message);
}
