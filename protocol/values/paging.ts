import { quote } from './text.ts';

/**
 * Why a listing is not read on; undefined for one that gets on.
 *
 * @param cursor what it gives for its next page
 * @param cursors those that it gave before
 * @param most pages after the first
 */
export function problemOfPaging(cursor: unknown, cursors: ReadonlySet<unknown>, most: number): string | undefined {
  if (cursor === '') return 'it gives an empty cursor for its next page';
  if (cursors.has(cursor)) return `it does not get on: it gives the cursor ${quote(String(cursor))} again`;
  return cursors.size < most ? undefined : `it pages without end: ${most} pages have not brought it to its last`;
}
