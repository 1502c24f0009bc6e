import * as z from 'zod/mini';
import { didYouMean, listed, quote } from './text.ts';

/** Runs a schema over a value from outside, and says in sentences of ours what is wrong with it. */

/** A schema that may take any value and answers with a T. */
export type Schema<T> = z.core.$ZodType<T>;

export type Path = readonly PropertyKey[];

/** What is wrong with one value, or with one key. `message` says what to write instead. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** The key itself is wrong: point at it, not at its value. */
  readonly atKey?: boolean;
}

/** The value, or all that is wrong with it. */
export type Checked<T> =
  { readonly value: T; readonly problems?: never } | { readonly problems: readonly Problem[]; readonly value?: never };

/** The value as the schema makes it, or every problem of it with its path. Never throws on JSON. */
export function check<T>(schema: Schema<T>, input: unknown): Checked<T> {
  const result = z.safeParse(schema, input, PARAMS);
  return result.success ? { value: result.data } : { problems: result.error.issues.flatMap(toProblems) };
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...issue.path, key],
      message: messages[index] ?? issue.message,
      atKey: true,
    }));
  }
  const atKey = issue.code === 'custom' && issue.params?.['atKey'] === true;
  return [{ path: issue.path, message: issue.message, ...(atKey && { atKey }) }];
}

const KINDS: { readonly [expected: string]: string } = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list (lines of "- item", or [a, b])',
  object: 'a mapping (lines of "key: value")',
  record: 'a mapping (lines of "key: value")',
};

/** The message of an issue for which the schema has none; for unknown keys one line for each key. */
const explain: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') {
    const known = issue.inst instanceof z.core.$ZodObject ? Object.keys(issue.inst._zod.def.shape) : [];
    return issue.keys
      .map((key) => `is not a known key${didYouMean(key, known) || `; known here: ${listed(known)}`}`)
      .join('\n');
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const guess = typeof issue.input === 'string' ? didYouMean(issue.input, values) : '';
    return issue.input === undefined
      ? `is missing; write ${listed(values)}`
      : `must be one of ${listed(values)}${guess}`;
  }
  if (issue.code === 'invalid_type') return wrongType(KINDS[issue.expected] ?? issue.expected, issue.input);
  return undefined;
};

const PARAMS = { error: explain, reportInput: true };

/** The sentence for a value that is missing or of another type. The value itself is never shown: it may be a secret. */
export function wrongType(wanted: string, input: unknown): string {
  if (input === undefined) return `is missing; write ${wanted}`;
  if (input === null) return `is empty; write ${wanted}`;
  if (wanted === KINDS['string'] && typeof input !== 'object')
    return `must be text, not a ${typeof input}; put it in quotes`;
  const kind = Array.isArray(input)
    ? 'a list'
    : typeof input === 'object'
      ? 'a mapping'
      : typeof input === 'string'
        ? 'text'
        : `a ${typeof input}`;
  return `must be ${wanted}, not ${kind}${wanted === KINDS['boolean'] ? '; write it without quotes' : ''}`;
}

/** `plan[0].args.path`; keys that are no plain words are quoted: `tools["files.*"].effect`. */
export const formatPath = (path: Path): string =>
  path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const key = String(part);
      if (!/^[\w-]{1,60}$/.test(key)) return `[${quote(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
