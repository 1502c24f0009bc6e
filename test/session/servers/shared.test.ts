import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SESSION = fileURLToPath(new URL('../../../session/', import.meta.url));
/** Libraries that keep nothing from one call to the next. */
const STATELESS = ['@noble/hashes/', 'canonicalize'];

const files = readdirSync(SESSION, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

// What they kept would pass from one session to another: workers load these modules once for all their sessions
// (scripts/bundle.ts).
test.each(files)('L6: session/%s keeps nothing from one session to another', (file) => {
  const source = readFileSync(join(SESSION, file), 'utf8');
  expect(source).not.toMatch(/^(?:export )?(?:let|var) /m);
  expect(source).not.toMatch(
    /^(?:export )?const \w+(?:: (?!Readonly)[^=]+)? = new (?:Map|Set|WeakMap|WeakSet|WeakRef|Array)\b/m,
  );
  const foreign = [...source.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^.'][^']*)'/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => !STATELESS.some((each) => name.startsWith(each)));
  expect(foreign).toEqual([]);
});
