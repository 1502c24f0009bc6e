import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { SessionSpec } from '../../protocol/spec.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { alteredNumberIn } from '../../protocol/values/numbers/exact.ts';
import { isObject, type Json, type JsonObject } from '../../protocol/values/json.ts';

/** A session spec from a file, or from stdin for `-`. @throws CustodyError SPEC_INVALID */
export async function readSpec(path: string): Promise<SessionSpec> {
  const { loadSpec, parseSpec } = await import('../../config/spec.ts');
  return path === '-' ? parseSpec(await text(process.stdin), '<stdin>') : loadSpec(path);
}

/** JSON as it stands, `@FILE`, or `-` for stdin. @throws CustodyError USAGE, MALFORMED_COMMAND */
export async function readJson(given: string, option: string): Promise<Json> {
  const source =
    given === '-' ? await text(process.stdin) : given.startsWith('@') ? await fileText(given.slice(1), option) : given;
  const value = parse(source, option);
  const altered = alteredNumberIn(source);
  if (altered === undefined) return value;
  throw new CustodyError(
    'MALFORMED_COMMAND',
    `${option} has the number ${altered.slice(0, 50)}, which would be sent with other digits; give it as text, ` +
      'in quotes, if the tool takes that.',
  );
}

function parse(source: string, option: string): Json {
  try {
    return JSON.parse(source) as Json;
  } catch (error) {
    throw new CustodyError('USAGE', `${option} is not JSON: ${(error as Error).message}`);
  }
}

/** A JSON object, as `readJson` takes it. @throws CustodyError USAGE, MALFORMED_COMMAND */
export async function readArguments(given: string, option = '--args'): Promise<JsonObject> {
  const value = await readJson(given, option);
  if (!isObject(value)) throw new CustodyError('USAGE', `${option} must be a JSON object, such as {"path":"a.md"}.`);
  return value as JsonObject;
}

const fileText = (path: string, option: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CustodyError('USAGE', `The file of ${option} cannot be read: ${error.message}`);
  });
