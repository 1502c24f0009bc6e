import * as z from 'zod/mini';
import { addProblem, onObjects, plainName, printable } from '../../protocol/fields.ts';
import { PERIODS } from '../../protocol/money/budgets.ts';
import { check, type Schema } from '../../protocol/values/check.ts';
import { usd } from './values.ts';

/** A budget of several sessions, as custody.yaml says it. Integer micro-USD. */
export interface BudgetRule {
  readonly limit: number;
  readonly per: (typeof PERIODS)[number];
  readonly timeZone?: string;
  /** One pot for each agent, profile, or value of a label. */
  readonly by?: string;
  /** To which sessions it applies: all that has to hold. */
  readonly for?: {
    readonly agents?: readonly string[];
    readonly profiles?: readonly string[];
    readonly labels?: { readonly [name: string]: string };
  };
  readonly slice?: number;
}

export type BudgetRules = { readonly [name: string]: BudgetRule };

const CENT = 10_000;
/** A session can draw on all of them at once. */
const MOST_BUDGETS = 8;
const BY = /^(agent|profile|label:[a-z0-9][a-z0-9_-]{0,62})$/i;

const names = z.array(printable(200)).check(z.minLength(1, 'names nothing; name one or more, or leave it out'));

const budget = z
  .strictObject({
    limit: usd(),
    per: z.enum(PERIODS),
    timeZone: z.exactOptional(z.string()),
    by: z.exactOptional(z.string().check(z.regex(BY, 'must be agent, profile or label:NAME'))),
    for: z.exactOptional(
      z.strictObject({
        agents: z.exactOptional(names),
        profiles: z.exactOptional(names),
        labels: z.exactOptional(z.record(z.string(), printable(256))),
      }),
    ),
    slice: z.exactOptional(usd()),
  })
  .check(
    z.superRefine((rule, ctx) => {
      const { per, timeZone, slice } = rule as BudgetRule;
      if (per === 'total' && timeZone !== undefined)
        addProblem(ctx, ['timeZone'], 'says nothing: a budget that is for all time has no days; leave it out');
      if ((per === 'day' || per === 'month') && timeZone === undefined)
        addProblem(ctx, ['timeZone'], 'is missing: name the time zone in which a day begins, such as "Europe/Berlin"');
      if (timeZone !== undefined && !isZone(timeZone))
        addProblem(ctx, ['timeZone'], 'is no time zone; write an IANA name, such as "UTC" or "America/New_York"');
      if (typeof slice === 'number' && slice < CENT)
        addProblem(ctx, ['slice'], 'must be at least 0.01 USD: each slice is a word between session and budget');
    }, onObjects),
  );

/** Offsets such as `+01:00` are no name: they do not know when the clock changes. */
function isZone(name: unknown): boolean {
  if (typeof name !== 'string' || !/^[A-Z][\w+-]*(\/[\w+-]+)*$/i.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What stands under `budgets` in custody.yaml. */
export const budgetsSchema: Schema<BudgetRules> = z.record(z.string(), budget).check(
  z.superRefine((value, ctx) => {
    const keys = Object.keys(value as object);
    for (const key of keys) {
      const [problem] = check(plainName(), key).problems ?? [];
      if (problem) addProblem(ctx, [key], problem.message, true);
    }
    if (keys.length > MOST_BUDGETS)
      addProblem(
        ctx,
        [],
        `has ${keys.length} budgets, and there can be ${MOST_BUDGETS}; \`by\` makes one for each agent`,
      );
  }, onObjects),
) as unknown as Schema<BudgetRules>;

/** Hundredths of the limit, where the file names no slice. */
export const sliceOf = ({ limit, slice }: Pick<BudgetRule, 'limit' | 'slice'>): number =>
  slice ?? Math.max(CENT, Math.ceil(limit / 100));
