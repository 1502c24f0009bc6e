import * as z from 'zod/mini';
import { aName } from '../../protocol/fields.ts';
import { check, formatPath, type Schema } from '../../protocol/values/check.ts';
import { CustodyError } from '../../protocol/errors.ts';

/** What queries are made of: each value is a text at first. */

/** How many are wanted. */
export const aCount = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  const read = z.transform((text: unknown) => (/^\d{1,15}$/.test(String(text)) ? Number(text) : NaN));
  return z.pipe(read, z.int(message).check(z.minimum(least, message), z.maximum(most, message)));
};

/** `true`, or left out. */
export const aFlag = z.pipe(
  z.transform((text: unknown) => (text === 'true' ? true : text === 'false' ? false : text)),
  z.boolean('must be true or false'),
);

const INSTANT = 'must be an instant such as 2026-11-27T14:00:00Z';
export const anInstant = z
  .string(INSTANT)
  .check(z.refine((text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)), INSTANT));

/** One text, or several under one name. */
export const several = (item: Schema<string>, most: number) =>
  z.pipe(
    z.transform((given: unknown) => (Array.isArray(given) ? (given as unknown[]) : [given])),
    z.array(item).check(z.maxLength(most, `must be at most ${most}`)),
  );

export const aWord = aName;

/** @throws CustodyError REQUEST_REFUSED with all that is wrong */
export function taken<T>(schema: Schema<T>, given: unknown, what: string): T {
  const { value, problems } = check(schema, given);
  if (!problems) return value as T;
  const said = problems.slice(0, 10).map(({ path, message }) => `${formatPath(path) || what} ${message}`);
  throw new CustodyError('REQUEST_REFUSED', `The ${what} cannot be taken: ${said.join('; ').slice(0, 2000)}.`);
}
