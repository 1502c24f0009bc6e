import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../../../gateway/api/table.ts';

const PAGE = readFileSync('docs/api.md', 'utf8');
const EXAMPLES = PAGE.split('\n').filter((line) => line.startsWith('curl '));

test.each(ROUTES)('G4: docs/api.md shows $method $path with curl', ({ method, path }) => {
  const form = new RegExp(`"\\$API${path.replace(/\{\w+\}/g, '[^/"?]+')}(\\?[^"]*)?"`);
  const isSent = (line: string): boolean => / --json | -X POST /.test(line);
  expect(EXAMPLES.filter((line) => form.test(line) && isSent(line) === (method === 'POST'))).not.toEqual([]);
});
