import * as z from 'zod/mini';
import { addProblem } from '../../protocol/fields.ts';
import { type Schema, wrongType } from '../../protocol/values/check.ts';

const FORM = 'an instant in UTC such as "2027-01-31T18:00:00Z", or a day such as "2027-01-31"';
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/;

/** `2027-01-31T18:00:00Z` in the text, epoch milliseconds as the value. A day begins at midnight UTC. */
export const instant = (): Schema<number> =>
  z.pipe(
    z.unknown(),
    z.transform((value, ctx) => {
      const ms = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : NaN;
      // A 31st of February is one of March to the parser.
      if (Number.isFinite(ms) && new Date(ms).toISOString().startsWith(String(value).slice(0, 10))) return ms;
      addProblem(ctx, [], typeof value === 'string' ? `must be ${FORM}` : wrongType(FORM, value));
      return z.NEVER;
    }),
  );
