import { existsSync, readFileSync } from 'node:fs';

/** The folder of this package; the code stands in it, or in its `dist`. */
export const PACKAGE = ['../', '../../']
  .map((path) => new URL(path, import.meta.url))
  .find((folder) => existsSync(new URL('package.json', folder)))!;

export const version = (): string =>
  (JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')) as { version: string }).version;
