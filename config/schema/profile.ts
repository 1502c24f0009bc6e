import * as z from 'zod/mini';
import { DEFAULTS, type Governance } from '../../protocol/governance.ts';
import { REVIEW_MODES } from '../../protocol/reviews/reviews.ts';
import { PROVEN_ACTS } from '../../protocol/identity/roles.ts';
import { SCAN_ACTIONS, SCANNED } from '../../protocol/incidents/scan.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import { isObject } from '../../protocol/values/json.ts';
import { formatSize } from '../../protocol/values/size.ts';
import { senseless } from '../combinations.ts';
import { duration, size, usd } from './values.ts';
import { type Schema, wrongType } from '../../protocol/values/check.ts';
import { addProblem, type Ctx, delegate, onObjects, wholeNumber } from '../../protocol/fields.ts';

/** Some blocks and keys of a profile, checked, not yet completed: what a file or a spec's overrides say. */
export type GovernancePatch = { readonly [B in keyof Governance]?: Partial<Governance[B]> };

type Blocks = { readonly [B in keyof Governance]: { readonly [K in keyof Governance[B]]: Schema<Governance[B][K]> } };

const flag = z.boolean();
const YEAR = '365d';
/** Persons that can be wanted at most. */
const APPROVERS = 10;

const orOff = (schema: Schema<number>): Schema<number | null> =>
  z.pipe(
    z.unknown(),
    z.transform((value, ctx): number | null => (value === 'off' ? null : delegate(schema, value, ctx))),
  );

const mode = z.enum(REVIEW_MODES);

/** Up to here a session of a year costs no more than can be counted. */
const hourly = usd(100_000);

const percent = wholeNumber(0, 1000);

const THRESHOLDS = 'must be true, false, or shares of the budget in per cent, ascending, such as [50, 80, 100]';
const thresholds = z.union(
  [
    flag,
    z.array(z.int(THRESHOLDS).check(z.minimum(1, THRESHOLDS), z.maximum(1000, THRESHOLDS)), THRESHOLDS).check(
      z.minLength(1, THRESHOLDS),
      z.maxLength(10, THRESHOLDS),
      z.refine((list) => list.every((each, index) => index === 0 || each > (list[index - 1] ?? 0)), THRESHOLDS),
    ),
  ],
  THRESHOLDS,
);

const scanAction = z.enum(SCAN_ACTIONS);

/** Every block and key that there is. docs/configuration.md has a row for each, by test. */
export const PROFILE_KEYS: Blocks = {
  session: {
    timeout: duration('1s', YEAR),
    gracePeriod: duration('0s', YEAR),
    warning: duration('1ms', YEAR),
    maxExtension: duration('0s', YEAR),
    serverWait: duration('0s', '1d'),
    idleTimeout: orOff(duration('1s', YEAR)),
    pausedTimeCounts: flag,
    autoResume: flag,
    auditTrail: z.literal(
      true,
      'must be true: the history of a session is its audit trail and cannot be switched off; write true, or ' +
        'leave the key out',
    ),
    complianceCheck: flag,
    concurrency: wholeNumber(1, LIMITS.concurrency),
    maxCalls: wholeNumber(1, LIMITS.calls),
    maxBytes: orOff(size('1KiB', '1TiB')),
    maxIdentical: wholeNumber(1, LIMITS.identical),
    maxArguments: size('1KiB', formatSize(LIMITS.messageBytes)),
    maxResult: size('1KiB', formatSize(LIMITS.messageBytes)),
    agentHeartbeat: orOff(duration('1s', YEAR)),
    askRepeats: orOff(duration('1s', YEAR)),
    whilePaused: z.enum(['wait', 'refuse']),
    onPause: z.enum(['drain', 'cancel']),
  },
  approvals: {
    extend: wholeNumber(0, APPROVERS),
    rollback: wholeNumber(0, APPROVERS),
    resolve: wholeNumber(0, APPROVERS),
    topUp: wholeNumber(0, APPROVERS),
    expires: duration('1s', '30d'),
  },
  reviews: {
    session: mode,
    execution: mode,
    compliance: mode,
    extra: mode,
    persons: wholeNumber(1, APPROVERS),
    due: duration('1s', '30d'),
  },
  onTimeout: { pause: flag, audit: flag, notify: flag, rollback: flag },
  onRestart: { restore: flag, audit: flag, notify: flag, compliance: flag },
  cost: {
    auditCost: hourly,
    executionCost: hourly,
    complianceCost: hourly,
    autoScale: flag,
    budgetLimit: usd(),
    costAlert: thresholds,
    personCost: hourly,
    delayOnTimeout: percent,
    delayOnRestart: percent,
    delayOnRollback: percent,
  },
  onCostAlert: { scaleDown: flag, audit: flag, notify: flag, pause: flag },
  incidents: { denials: orOff(wholeNumber(1, 1000)) },
  onIncident: { audit: flag, notify: flag, pause: flag },
  scan: Object.fromEntries(SCANNED.map((what) => [what, scanAction])) as unknown as Blocks['scan'],
  onReport: { summary: flag, audit: flag, compliance: flag, financial: flag },
  proof: Object.fromEntries(PROVEN_ACTS.map((act) => [act, flag])) as unknown as Blocks['proof'],
};

const partial = <T>(keys: { readonly [K in keyof T]: Schema<T[K]> }): z.ZodMiniType<Partial<T>> =>
  z.strictObject(
    Object.fromEntries(Object.entries<Schema<unknown>>(keys).map(([key, schema]) => [key, z.exactOptional(schema)])),
  ) as unknown as z.ZodMiniType<Partial<T>>;

/** A block as a mapping, or as a list of mappings with one key each. */
const listOrMap = <T>(schema: Schema<T>): Schema<T> =>
  z.pipe(
    z.unknown(),
    z.transform((value, ctx): T => {
      if (!Array.isArray(value))
        return isObject(value)
          ? delegate(schema, value, ctx)
          : refuse(ctx, wrongType('a list (lines of "- key: true") or a mapping (lines of "key: true")', value));
      if (value.length === 0) return refuse(ctx, 'is an empty list; write at least one item, or leave the key out');
      const block: Record<string, unknown> = {};
      for (const [index, item] of value.entries()) {
        const [entry, ...more] = isObject(item) ? Object.entries(item) : [];
        if (!entry || more.length > 0)
          addProblem(ctx, [index], 'must be an item with one key, such as "- audit: true"');
        else if (Object.hasOwn(block, entry[0]))
          addProblem(ctx, [index, entry[0]], 'stands twice in the list; keep one of them', true);
        else block[entry[0]] = entry[1];
      }
      return delegate(schema, block, ctx);
    }),
  );

function refuse(ctx: Ctx, message: string): never {
  addProblem(ctx, [], message);
  return z.NEVER;
}

const session = partial(PROFILE_KEYS.session).check(
  z.superRefine(({ timeout, warning }, ctx) => {
    if (typeof timeout === 'number') checkWarning(warning, timeout, ctx);
  }, onObjects),
);

const onTimeout = listOrMap(
  partial(PROFILE_KEYS.onTimeout).check(
    z.superRefine(({ pause, rollback }, ctx) => {
      if (pause === true && rollback === true) {
        addProblem(
          ctx,
          ['rollback'],
          'cannot be true together with pause: a session at its deadline either waits in PAUSED for an extension ' +
            'or goes to ROLLBACK; choose one',
        );
      }
    }, onObjects),
  ),
);

const blocks = {
  session: z.exactOptional(session),
  approvals: z.exactOptional(partial(PROFILE_KEYS.approvals)),
  reviews: z.exactOptional(partial(PROFILE_KEYS.reviews)),
  onTimeout: z.exactOptional(onTimeout),
  onRestart: z.exactOptional(listOrMap(partial(PROFILE_KEYS.onRestart))),
  cost: z.exactOptional(partial(PROFILE_KEYS.cost)),
  onCostAlert: z.exactOptional(listOrMap(partial(PROFILE_KEYS.onCostAlert))),
  incidents: z.exactOptional(partial(PROFILE_KEYS.incidents)),
  onIncident: z.exactOptional(listOrMap(partial(PROFILE_KEYS.onIncident))),
  scan: z.exactOptional(partial(PROFILE_KEYS.scan)),
  onReport: z.exactOptional(listOrMap(partial(PROFILE_KEYS.onReport))),
  proof: z.exactOptional(listOrMap(partial(PROFILE_KEYS.proof))),
};

/** A part of a profile: the form of a spec's overrides. */
export const patchSchema: Schema<GovernancePatch> = z.strictObject(blocks);

/** A whole profile: what it leaves out has its default. */
export const profileSchema: Schema<GovernancePatch> = z.strictObject(blocks).check(
  z.superRefine((patch, ctx) => {
    if (isObject(patch.session) && !('timeout' in patch.session))
      checkWarning(patch.session['warning'], DEFAULTS.session.timeout, ctx, ['session']);
    for (const { path, message } of senseless(patch)) addProblem(ctx, path, message);
  }, onObjects),
);

function checkWarning(warning: unknown, timeout: number, ctx: Ctx, block: readonly string[] = []): void {
  if (typeof warning !== 'number' || warning < timeout) return;
  addProblem(
    ctx,
    [...block, 'warning'],
    `must be shorter than the timeout of ${formatDuration(timeout)}, or it would come before the session starts`,
  );
}
