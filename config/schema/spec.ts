import * as z from 'zod/mini';
import type { Schema } from '../../protocol/values/check.ts';
import { delegate, pick, wholeNumber } from '../../protocol/fields.ts';
import { type SessionSpec, specOf, WAIT } from '../../protocol/spec.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import { patchSchema } from './profile.ts';
import { duration } from './values.ts';

/** Checked as a part of a profile, and kept as written. */
const overrides = z.pipe(
  z.unknown(),
  z.transform((value, ctx): JsonObject => {
    delegate(patchSchema, value, ctx);
    return value as JsonObject;
  }),
);

const wait = duration(formatDuration(WAIT.least), formatDuration(WAIT.most));
const milliseconds = wholeNumber(WAIT.least, WAIT.most);

/** A spec in a file: a wait has a unit. */
export const fileSpecSchema: Schema<SessionSpec> = specOf(wait, overrides);

/** A spec that a program made: a wait may be a number of milliseconds, as in `SessionSpec`. */
export const objectSpecSchema: Schema<SessionSpec> = specOf(
  pick((value) => (typeof value === 'number' ? milliseconds : wait)),
  overrides,
);
