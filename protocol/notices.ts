import * as z from 'zod/mini';
import { aName, anActor, aText } from './fields.ts';
import { check } from './values/check.ts';

/** What programs of Custody tell a session by signal. Anybody can send the same. */

const forked = z.object({ fork: aName, at: aName, actor: anActor, reason: z.optional(z.unknown()) });

/** What a fork tells its parent. Undefined for anything else: anybody can send it. */
export function parseForked(
  input: unknown,
): { readonly fork: string; readonly at: string; readonly actor: string; readonly reason: string } | undefined {
  const { value } = check(forked, input);
  return value && { ...value, reason: check(aText, value.reason).value ?? '' };
}

const released = z.object({ server: aName, lease: aName });

/** Reads what came with the signal of a worker that gives a server up; undefined when it is not that. */
export const parseReleased = (input: unknown): { readonly server: string; readonly lease: string } | undefined =>
  check(released, input).value;
