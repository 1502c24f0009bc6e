import { z } from 'zod';
import { formatDuration, parseDuration } from '../../protocol/values/duration.ts';
import { isObject } from '../../protocol/values/json.ts';
import { parseSize } from '../../protocol/values/size.ts';
import { parseUsd } from '../money.ts';
import type { Path, Problem } from '../document/problems.ts';
import { didYouMean, isPrintable, listed, quote } from '../../protocol/values/text.ts';

/** A schema that may take any value and answers with a T. */
export type Schema<T> = z.ZodType<T>;

/** The value, or all that is wrong with it. */
export type Checked<T> = { readonly value: T; readonly problems?: never } | { readonly problems: readonly Problem[] };

/** Runs a schema, with messages of ours; zod's paths are kept. */
export function check<T>(schema: Schema<T>, input: unknown): Checked<T> {
  const result = schema.safeParse(input, { error: explain, reportInput: true });
  return result.success ? { value: result.data } : { problems: result.error.issues.flatMap(toProblems) };
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...issue.path, key],
      message: messages[index] ?? '',
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
    const known = shapeKeys(issue.inst);
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

const shapeKeys = (schema: unknown): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

/** Hands a value to the schema that fits its form, or refuses it with a sentence; keeps the problems of both. */
export const pick = <T>(choose: (value: unknown) => Schema<T> | string): Schema<T> =>
  z.unknown().transform((value, ctx): T => {
    const chosen = choose(value);
    if (typeof chosen === 'string') {
      ctx.addIssue({ code: 'custom', message: chosen });
      return z.NEVER;
    }
    return delegate(chosen, value, ctx);
  });

/** Runs another schema within a transform and passes its problems on. */
export function delegate<T>(schema: Schema<T>, value: unknown, ctx: z.RefinementCtx): T {
  const result = check(schema, value);
  if (!result.problems) return result.value;
  for (const { path, message, atKey } of result.problems) addProblem(ctx, path, message, atKey);
  return z.NEVER;
}

/** Adds a problem at a path below the value under check. */
export const addProblem = (ctx: z.RefinementCtx, path: Path, message: string, atKey = false): void =>
  ctx.addIssue({ code: 'custom', path: [...path], message, params: { atKey } });

/** For refinements that look at several keys: they run although one key is wrong, so that all problems come at once. */
export const onObjects = { when: ({ value }: { readonly value: unknown }): boolean => isObject(value) };

const string = (what: string): z.ZodString =>
  z.string({ error: ({ input }) => (input === undefined ? wrongType(what, input) : undefined) });

/** Text that fits a pattern; `what` says what to write. */
export const text = (pattern: RegExp, what: string): Schema<string> => string(what).regex(pattern, `must be ${what}`);

/** Text of some length without control characters. */
export const printable = (longest: number, what = 'text'): Schema<string> =>
  string(what).refine(
    (value) => value.length >= 1 && value.length <= longest && isPrintable(value),
    `must have 1 to ${longest} printable characters`,
  );

/** A name of a server, a profile or a label: it can stand in `server.tool`, so it has no dots. */
export const name = (): Schema<string> =>
  text(
    /^[a-z0-9][a-z0-9_-]{0,62}$/i,
    'a name of at most 63 letters, digits, "-" and "_", without dots, beginning with a letter or digit',
  );

export const wholeNumber = (least: number, most: number): Schema<number> => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
};

/** USD in the text, integer micro-USD as the value. */
export const usd = (): Schema<number> =>
  z
    .number({
      error: ({ input }) =>
        input === undefined
          ? undefined
          : 'must be an amount in USD as a plain number, such as 12.5, without quotes, sign or currency',
    })
    .transform((value, ctx) => {
      const micro = parseUsd(value);
      if (typeof micro === 'number') return micro;
      addProblem(ctx, [], micro);
      return z.NEVER;
    });

/** `24h`, `1h30m` in the text, milliseconds as the value. A number alone is refused: its unit would be a guess. */
export const duration = (least: string, most: string): Schema<number> =>
  z.unknown().transform((value, ctx) => {
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    if (ms !== undefined && ms >= parseDuration(least)! && ms <= parseDuration(most)!) return ms;
    addProblem(
      ctx,
      [],
      ms === undefined ? noDuration(value) : `must be from ${least} to ${most}, not ${formatDuration(ms)}`,
    );
    return z.NEVER;
  });

/** `64KiB`, `1GiB` in the text, bytes as the value. */
export const size = (least: string, most: string): Schema<number> =>
  z.unknown().transform((value, ctx) => {
    const bytes = typeof value === 'string' ? parseSize(value) : undefined;
    if (bytes !== undefined && bytes >= parseSize(least)! && bytes <= parseSize(most)!) return bytes;
    addProblem(ctx, [], bytes === undefined ? noSize(value) : `must be from ${least} to ${most}`);
    return z.NEVER;
  });

function noSize(value: unknown): string {
  const form = 'a size such as "64KiB", "10MiB" or "1GiB"';
  if (typeof value === 'number') return `has no unit; write "${value}KiB", or "${value}MiB", "${value}GiB"`;
  return typeof value === 'string'
    ? `${quote(value)} is not a size; write ${form}, in whole numbers with the units B, KiB, MiB, GiB and TiB`
    : wrongType(form, value);
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(ms|msecs?|millis|milliseconds?)$/i, 'ms'],
  [/^(s|secs?|seconds?)$/i, 's'],
  [/^(m|mins?|minutes?)$/i, 'm'],
  [/^(h|hrs?|hours?)$/i, 'h'],
  [/^(d|days?)$/i, 'd'],
];

function noDuration(value: unknown): string {
  const form = 'a duration such as "24h", "30m", "10s", "500ms", "1h30m" or "7d"';
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) {
    return `has no unit, so its length would be a guess; write "${value}h" for hours, or "${value}m", "${value}s"`;
  }
  if (typeof value !== 'string') return wrongType(form, value);
  const [, count, word] = /^(\d{1,9})\s*([a-z]{1,12})$/i.exec(value.trim()) ?? [];
  const unit = WORDS.find(([pattern]) => word && pattern.test(word))?.[1];
  return (
    `${quote(value)} is not a duration; write ` +
    `${unit ? `"${count}${unit}"` : `${form}, in whole numbers with the units d, h, m, s and ms in this order`}`
  );
}
