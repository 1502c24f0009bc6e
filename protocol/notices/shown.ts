import * as z from 'zod/mini';
import { isErrorCode, type ErrorCode } from '../errors.ts';
import { wholeNumber } from '../fields.ts';
import { check } from '../values/check.ts';
import type { Frozen } from '../values/json.ts';
import { NOTICE_KINDS } from './kinds.ts';
import { anInstant } from './notice.ts';

const waiting = {
  to: z.string(),
  /** See `keyOf`. */
  key: z.string(),
  kind: z.enum(NOTICE_KINDS),
  /** Of the record, epoch milliseconds. */
  at: anInstant,
};
/** When it was delivered, or given up. */
const settled = { ...waiting, settledAt: anInstant };
const dead = { ...settled, code: z.custom<ErrorCode>(isErrorCode), why: z.string() };
const count = wholeNumber(0);

const shown = z.object({
  /** The next of each destination, and how many wait in all. */
  waiting: z.array(z.object(waiting)),
  left: count,
  /** The last of each, the newest last, and how many there were. */
  delivered: z.array(z.object(settled)),
  failed: z.array(z.object(dead)),
  counts: z.object({ delivered: count, failed: count }),
});

/** What became of the notices of a session, as the memo of the workflow that delivers them has it. */
export type ShownDeliveries = Frozen<z.infer<typeof shown>>;

/** Undefined for anything else: whoever may start workflows can write any memo. */
export const parseShown = (memo: unknown): ShownDeliveries | undefined => check(shown, memo).value;
