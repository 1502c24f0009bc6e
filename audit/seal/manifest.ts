import { CustodyError } from '../../protocol/errors.ts';
import { problemOfPath } from '../../protocol/evidence/path.ts';
import { quote } from '../../protocol/values/text.ts';
import { SESSION_KEY, MANIFEST } from './paths.ts';

/** The form of a bundle. */
const FORM = 'custody.bundle/1';

/** Files of a bundle that it does not list: itself, and the key, which its values show to be the right one. */
export const UNLISTED: readonly string[] = [MANIFEST, SESSION_KEY];

/** SHA-256 in hex of each file of a bundle, by path. */
export type Listed = ReadonlyMap<string, string>;

/** The text of a manifest, which is signed as a note. Its lines after the first are what `sha256sum --check` reads. */
export function manifestText(origin: string, files: Listed): string {
  const paths = [...files.keys()].sort();
  return `${FORM} ${origin}\n${paths.map((path) => `${files.get(path)}  ${path}\n`).join('')}`;
}

/** @throws CustodyError BUNDLE_MALFORMED for what `manifestText` would not write */
export function parseManifest(text: string): { readonly origin: string; readonly files: Listed } {
  const [first = '', ...lines] = text.split('\n');
  if (!first.startsWith(`${FORM} `)) throw malformed(`its first line is ${quote(first.slice(0, 100))}`);
  if (lines.pop() !== '') throw malformed('its last line does not end');
  const files = new Map<string, string>();
  let before = '';
  for (const line of lines) {
    const [, hash, path = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (hash === undefined || problemOfPath(path) !== undefined || UNLISTED.includes(path))
      throw malformed(`a line of it lists no file: ${quote(line.slice(0, 100))}`);
    if (path <= before) throw malformed(`${path} is not in its place`);
    files.set((before = path), hash);
  }
  return { origin: first.slice(FORM.length + 1), files };
}

const malformed = (why: string): CustodyError =>
  new CustodyError('BUNDLE_MALFORMED', `This is not the manifest of a bundle: ${why}.`);
