import * as z from 'zod/mini';
import { type Schema, wrongType } from '../../protocol/values/check.ts';
import { addProblem } from '../../protocol/fields.ts';
import { formatDuration, parseDuration } from '../../protocol/values/duration.ts';
import { parseSize } from '../../protocol/values/size.ts';
import { quote } from '../../protocol/values/text.ts';
import { MAX_USD, parseUsd } from '../../protocol/money/usd.ts';

/** Values as people write them in files, and as a session keeps them. */

/** USD in the text, integer micro-USD as the value. @param most in USD */
export const usd = (most = MAX_USD): Schema<number> =>
  z.pipe(
    z.number({
      error: ({ input }) =>
        input === undefined
          ? undefined
          : 'must be an amount in USD as a plain number, such as 12.5, without quotes, sign or currency',
    }),
    z.transform((value, ctx) => {
      const micro = parseUsd(value, most);
      if (typeof micro === 'number') return micro;
      addProblem(ctx, [], micro);
      return z.NEVER;
    }),
  );

/** `24h`, `1h30m` in the text, milliseconds as the value. A number alone is refused: its unit would be a guess. */
export const duration = (least: string, most: string): Schema<number> =>
  z.pipe(
    z.unknown(),
    z.transform((value, ctx) => {
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      if (ms !== undefined && ms >= parseDuration(least)! && ms <= parseDuration(most)!) return ms;
      addProblem(
        ctx,
        [],
        ms === undefined ? noDuration(value) : `must be from ${least} to ${most}, not ${formatDuration(ms)}`,
      );
      return z.NEVER;
    }),
  );

/** `64KiB`, `1GiB` in the text, bytes as the value. */
export const size = (least: string, most: string): Schema<number> =>
  z.pipe(
    z.unknown(),
    z.transform((value, ctx) => {
      const bytes = typeof value === 'string' ? parseSize(value) : undefined;
      if (bytes !== undefined && bytes >= parseSize(least)! && bytes <= parseSize(most)!) return bytes;
      addProblem(ctx, [], bytes === undefined ? noSize(value) : `must be from ${least} to ${most}`);
      return z.NEVER;
    }),
  );

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
