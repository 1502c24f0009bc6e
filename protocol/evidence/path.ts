import { CustodyError } from '../errors.ts';
import { quote } from '../values/text.ts';

/** Characters of a path of evidence, folders and all, and parts of one. */
const LONGEST = 500;
const MOST_PARTS = 16;

/** One part: nothing that a shell, a URL or a file system reads as anything else, and no hidden file. */
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** What is wrong with a path of evidence; undefined for `a/b/c` of letters, digits, `.`, `_` and `-`. */
export function problemOfPath(path: unknown): string | undefined {
  if (typeof path !== 'string') return 'must be text';
  if (path.length > LONGEST) return `has more than ${LONGEST} characters`;
  const parts = path.split('/');
  if (parts.length > MOST_PARTS) return `has more than ${MOST_PARTS} parts`;
  return parts.every((part) => PART.test(part))
    ? undefined
    : 'must be parts of letters, digits, ".", "_" and "-", none beginning with ".", with "/" between them';
}

/**
 * The parts of a path of evidence.
 * @throws CustodyError EVIDENCE_PATH
 */
export function partsOfPath(path: string): string[] {
  const problem = problemOfPath(path);
  if (problem !== undefined)
    throw new CustodyError('EVIDENCE_PATH', `The path of evidence ${quote(String(path))} ${problem}.`);
  return path.split('/');
}
