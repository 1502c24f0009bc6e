import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { SessionSpec } from '../session/spec.ts';
import { CustodyError } from '../session/errors.ts';
import { isObject, type JsonObject } from '../session/json.ts';

/** A session spec from a file, or from stdin for `-`. @throws CustodyError SPEC_INVALID */
export async function readSpec(path: string): Promise<SessionSpec> {
  const { loadSpec, parseSpec } = await import('../config/spec.ts');
  return path === '-' ? parseSpec(await text(process.stdin), '<stdin>') : loadSpec(path);
}

/** A JSON object as it stands, from `@FILE`, or from stdin for `-`. @param option for messages @throws CustodyError USAGE */
export async function readArguments(given: string, option = '--args'): Promise<JsonObject> {
  const source = given === '-' ? await text(process.stdin) : given.startsWith('@') ? await fileText(given.slice(1), option) : given;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new CustodyError('USAGE', `${option} is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new CustodyError('USAGE', `${option} must be a JSON object, such as {"path":"a.md"}.`);
  return value as JsonObject;
}

const fileText = (path: string, option: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CustodyError('USAGE', `The file of ${option} cannot be read: ${error.message}`);
  });
