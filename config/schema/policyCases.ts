import * as z from 'zod/mini';
import { EFFECTS, type Effect } from '../../protocol/calls/call.ts';
import type { SessionTotals, Verdict } from '../../protocol/calls/policy.ts';
import { pattern, pick } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { isObject, type JsonObject } from '../../protocol/values/json.ts';

/** What a case says of a call; what it leaves out is as for a first call of a new session. */
export interface Given {
  readonly args?: JsonObject;
  readonly agent?: { readonly id: string; readonly version: string };
  readonly labels?: { readonly [name: string]: string };
  readonly startedBy?: string;
  readonly person?: string;
  readonly actor?: string;
  /** Else as custody.yaml says of the tool. */
  readonly effect?: Effect;
  readonly totals?: Partial<SessionTotals>;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly attempt?: number;
  readonly compensation?: boolean;
  readonly approved?: boolean;
  /** Paths of arguments that the tool's schema calls `number`. */
  readonly decimals?: readonly string[];
}

export interface PolicyCase extends Given {
  readonly name?: string;
  /** `server.tool`, or `server method`. */
  readonly call: string;
  readonly expect: Verdict;
  /** Exactly these rules make the verdict, in any order. */
  readonly rules?: readonly string[];
  /** A part of what the caller is told. */
  readonly says?: string;
  /** The verdict with the rules that are on trial. */
  readonly trial?: Verdict;
}

/** Cases for the rules of one profile, as written. */
export interface PolicyCases {
  readonly profile?: string;
  /** For all cases that do not say otherwise. */
  readonly given: Given;
  readonly cases: readonly PolicyCase[];
}

const whole = z.number().check(z.int('must be a whole number'), z.nonnegative('must be 0 or more'));
const text = z.string();
const verdict = z.enum(['allow', 'deny', 'needs_approval']);

const agent = pick<{ readonly id: string; readonly version: string }>((value) => {
  if (isObject(value)) return z.strictObject({ id: text, version: z._default(text, '1') });
  if (typeof value !== 'string' || value === '') return 'must be the id of an agent, id@version, or { id, version }';
  const at = value.indexOf('@');
  const [id, version] = at < 1 ? [value, '1'] : [value.slice(0, at), value.slice(at + 1)];
  return z.pipe(
    z.string(),
    z.transform(() => ({ id, version })),
  );
});

const instant = z.pipe(
  z
    .string()
    .check(z.refine((value) => !Number.isNaN(Date.parse(value)), 'must be an instant such as 2026-11-27T18:30:00Z')),
  z.transform((value: string) => Date.parse(value)),
);

const GIVEN = {
  args: z.exactOptional(z.custom<JsonObject>(isObject, 'must be a mapping of arguments')),
  agent: z.exactOptional(agent),
  labels: z.exactOptional(z.record(text, text)),
  startedBy: z.exactOptional(text),
  person: z.exactOptional(text),
  actor: z.exactOptional(text),
  effect: z.exactOptional(z.enum(EFFECTS)),
  totals: z.exactOptional(
    z.strictObject({
      calls: z.exactOptional(whole),
      denials: z.exactOptional(whole),
      minutes: z.exactOptional(whole),
      restarts: z.exactOptional(whole),
      spent: z.exactOptional(whole),
      reserved: z.exactOptional(whole),
      free: z.exactOptional(whole),
    }),
  ),
  at: z.exactOptional(instant),
  attempt: z.exactOptional(whole),
  compensation: z.exactOptional(z.boolean()),
  approved: z.exactOptional(z.boolean()),
  decimals: z.exactOptional(z.array(text)),
};

/** The keys of one case. */
export const policyCase = {
  name: z.exactOptional(text),
  call: pattern(/^[^\s.]+[. ]\S.*$/, 'server.tool, or a server and a method such as "files resources/read"'),
  expect: verdict,
  rules: z.exactOptional(z.array(text)),
  says: z.exactOptional(text),
  trial: z.exactOptional(verdict),
  ...GIVEN,
};

export const policyCases: Schema<PolicyCases> = z.strictObject({
  profile: z.exactOptional(text),
  given: z._default(z.strictObject(GIVEN), {}),
  cases: z.array(z.strictObject(policyCase)).check(z.minLength(1, 'is empty; write at least one case')),
});
