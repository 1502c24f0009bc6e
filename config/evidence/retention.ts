import * as z from 'zod/mini';
import { addProblem } from '../../protocol/fields.ts';
import { type Schema, wrongType } from '../../protocol/values/check.ts';
import { quote } from '../../protocol/values/text.ts';

/** How long something is kept: days, or years of the calendar. */
export type Retention = { readonly days: number } | { readonly years: number };

/** Years of the longest retention; object stores take no longer one. */
const MOST_YEARS = 100;

const FORM = 'a number of days or years, such as "183d" or "6y"';

/** `183d`, `6y` as it stands in the file. */
export const retention: Schema<Retention> = z.pipe(
  z.unknown(),
  z.transform((value, ctx): Retention => {
    const parsed = typeof value === 'string' ? parseRetention(value) : undefined;
    if (parsed !== undefined) return parsed;
    addProblem(ctx, [], problemOf(value));
    return z.NEVER;
  }),
) as unknown as Schema<Retention>;

function parseRetention(text: string): Retention | undefined {
  const [, digits = '', unit] = /^([1-9]\d{0,4})([dy])$/.exec(text) ?? [];
  const count = Number(digits);
  if (unit === 'd') return count <= MOST_YEARS * 365 ? { days: count } : undefined;
  return unit === 'y' && count <= MOST_YEARS ? { years: count } : undefined;
}

function problemOf(value: unknown): string {
  if (typeof value === 'number') return `has no unit; write "${value}d" for days, or "${value}y" for years`;
  return typeof value === 'string'
    ? `${quote(value)} is no retention; write ${FORM}, up to ${MOST_YEARS} years`
    : wrongType(FORM, value);
}

/**
 * Until when something is kept. Years end on the same day of the calendar, those from a 29th of February on a 1st of
 * March where there is no 29th.
 * @param from epoch milliseconds
 */
export function retainedUntil(from: number, kept: Retention): Date {
  const end = new Date(from);
  if ('days' in kept) end.setUTCDate(end.getUTCDate() + kept.days);
  else end.setUTCFullYear(end.getUTCFullYear() + kept.years);
  return end;
}
