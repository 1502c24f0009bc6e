import * as z from 'zod/mini';
import { formatDuration } from '../protocol/values/duration.ts';
import type { Governance } from '../protocol/governance.ts';
import { SCAN_ACTIONS } from '../protocol/incidents/scan.ts';
import { PROVEN_ACTS, type ProvenAct } from '../protocol/identity/roles.ts';
import type { Json, JsonObject } from '../protocol/values/json.ts';
import { formatSize } from '../protocol/values/size.ts';
import { checkDocument } from './document/check-document.ts';
import { complete, defaultWarning } from './profile.ts';
import { formatUsd } from '../protocol/money/usd.ts';
import { located, problemsError, type Problem } from './document/problems.ts';
import { patchSchema, type GovernancePatch } from './schema/profile.ts';
import { readValue } from './document/value.ts';

/**
 * What a session spec may do to a key of its profile:
 * lower it, set it to its one strict value, to one that comes later in a list, choose freely (the profile sets no bound
 * on it), or nothing.
 */
export type OverrideRule = 'lower' | { readonly only: Json } | { readonly rising: readonly Value[] } | 'free' | 'fixed';

const ON: OverrideRule = { only: true };
const OFF: OverrideRule = { only: false };
const BY_PERSON: OverrideRule = { only: 'person' };
const SCAN: OverrideRule = { rising: SCAN_ACTIONS };

/**
 * The strict direction of every key. Strict means: an agent gets less time, fewer calls, less money, or more is
 * written down and looked at.
 */
export const OVERRIDE_RULES: {
  readonly [B in keyof Governance]: { readonly [K in keyof Governance[B]]: OverrideRule };
} = {
  session: {
    timeout: 'lower',
    gracePeriod: 'lower',
    // Only a reminder, and always within the timeout.
    warning: 'free',
    maxExtension: 'lower',
    serverWait: 'free',
    // Off is the longest.
    idleTimeout: 'lower',
    pausedTimeCounts: ON,
    // Without it, a person has to resume.
    autoResume: OFF,
    auditTrail: ON,
    complianceCheck: ON,
    concurrency: 'lower',
    maxCalls: 'lower',
    // Off is the largest.
    maxBytes: 'lower',
    maxIdentical: 'lower',
    maxArguments: 'lower',
    maxResult: 'lower',
    // Off is the longest.
    agentHeartbeat: 'lower',
    // A question, and no limit: the agent says whether it means the repeat.
    askRepeats: 'free',
    whilePaused: { only: 'refuse' },
    onPause: { only: 'cancel' },
  },
  // Fewer persons would loosen it, and who may start a session does not say who decides.
  approvals: { extend: 'fixed', rollback: 'fixed', resolve: 'fixed', topUp: 'fixed', expires: 'lower' },
  // A person sees more than rules do.
  reviews: {
    session: BY_PERSON,
    execution: BY_PERSON,
    compliance: BY_PERSON,
    extra: BY_PERSON,
    persons: 'fixed',
    due: 'lower',
  },
  // A pause starts no calls, and maxExtension bounds what may follow it; without it nobody looks before the session
  // ends.
  onTimeout: { pause: ON, audit: ON, notify: ON, rollback: ON },
  // Without restore, a person has to resume after a restart.
  onRestart: { restore: OFF, audit: ON, notify: ON, compliance: ON },
  cost: {
    auditCost: 'fixed',
    executionCost: 'fixed',
    complianceCost: 'fixed',
    autoScale: 'fixed',
    budgetLimit: 'lower',
    costAlert: 'fixed',
    personCost: 'fixed',
    delayOnTimeout: 'fixed',
    delayOnRestart: 'fixed',
    delayOnRollback: 'fixed',
  },
  onCostAlert: { scaleDown: 'fixed', audit: 'fixed', notify: 'fixed', pause: 'fixed' },
  // Off is the most.
  incidents: { denials: 'lower' },
  onIncident: { audit: ON, notify: ON, pause: ON },
  scan: { secrets: SCAN, mail: SCAN, iban: SCAN, card: SCAN, phone: SCAN },
  onReport: { summary: 'fixed', audit: 'fixed', compliance: 'fixed', financial: 'fixed' },
  proof: Object.fromEntries(PROVEN_ACTS.map((act) => [act, ON])) as { readonly [act in ProvenAct]: OverrideRule },
};

/**
 * A profile with the overrides of a session spec, which can only tighten it.
 * @param overrides parts of a profile, in its own form: durations with units, USD, list or map form
 * @throws CustodyError SPEC_INVALID when the overrides are no part of a profile, OVERRIDE_OUT_OF_BOUNDS with every key
 * that would loosen it
 */
export function tighten(profile: Governance, overrides: JsonObject): Governance {
  const document = readValue({ overrides }, 'spec');
  const checked = checkDocument(document, z.strictObject({ overrides: patchSchema }));
  if (checked.problems) throw problemsError('SPEC_INVALID', located(document, checked.problems));
  const patch = checked.value.overrides;
  const result = merge(profile, patch);
  const problems = [...violations(profile, patch), ...impossible(result, patch)];
  if (problems.length > 0) throw problemsError('OVERRIDE_OUT_OF_BOUNDS', located(document, problems));
  return result;
}

function merge(profile: Governance, patch: GovernancePatch): Governance {
  const merged = complete({
    session: { ...profile.session, ...patch.session },
    approvals: { ...profile.approvals, ...patch.approvals },
    reviews: { ...profile.reviews, ...patch.reviews },
    onTimeout: { ...profile.onTimeout, ...patch.onTimeout },
    onRestart: { ...profile.onRestart, ...patch.onRestart },
    cost: { ...profile.cost, ...patch.cost },
    onCostAlert: { ...profile.onCostAlert, ...patch.onCostAlert },
    incidents: { ...profile.incidents, ...patch.incidents },
    onIncident: { ...profile.onIncident, ...patch.onIncident },
    scan: { ...profile.scan, ...patch.scan },
    onReport: { ...profile.onReport, ...patch.onReport },
    proof: { ...profile.proof, ...patch.proof },
  });
  const { timeout, warning } = merged.session;
  // A warning that the profile set for a longer timeout would never come.
  if (patch.session?.warning !== undefined || warning < timeout) return merged;
  return { ...merged, session: { ...merged.session, warning: defaultWarning(timeout) } };
}

type Value = string | number | boolean | null;

function violations(profile: Governance, patch: GovernancePatch): Problem[] {
  return Object.entries(patch).flatMap(([block, keys]) =>
    Object.entries(keys as Record<string, Value>).flatMap(([key, wanted]) => {
      const rule = (OVERRIDE_RULES[block as keyof Governance] as Record<string, OverrideRule>)[key] ?? 'fixed';
      const given = (profile[block as keyof Governance] as unknown as Record<string, Value>)[key] ?? null;
      const message = violation(rule, given, wanted, (value) => formatValue(block, key, value));
      return message === undefined ? [] : [{ path: ['overrides', block, key], message }];
    }),
  );
}

function violation(
  rule: OverrideRule,
  given: Value,
  wanted: Value,
  format: (value: Value) => string,
): string | undefined {
  if (wanted === given || rule === 'free') return undefined;
  if (rule === 'fixed') return `is the profile's to say, which has ${format(given)}; leave it out`;
  if (typeof rule === 'object' && 'rising' in rule)
    return rule.rising.indexOf(wanted) >= rule.rising.indexOf(given)
      ? undefined
      : `would loosen the profile, which has ${format(given)}; write that or a stricter one, or leave it out`;
  if (rule !== 'lower')
    return wanted === rule.only ? undefined : `would loosen the profile, which has ${format(given)}; leave it out`;
  return (wanted ?? Infinity) < (given ?? Infinity)
    ? undefined
    : `would loosen the profile, which has ${format(given)}; write at most that, or leave it out`;
}

function impossible({ session, onTimeout }: Governance, patch: GovernancePatch): Problem[] {
  const problems: Problem[] = [];
  if (session.warning >= session.timeout) {
    problems.push({
      path: ['overrides', 'session', 'warning'],
      message: `must be shorter than the timeout of ${formatDuration(session.timeout)}`,
    });
  }
  if (onTimeout.pause && onTimeout.rollback) {
    const [key, other] = patch.onTimeout?.rollback ? ['rollback', 'pause'] : ['pause', 'rollback'];
    problems.push({
      path: ['overrides', 'onTimeout', key],
      message: `cannot be true: the profile has ${other}, and a session at its deadline does one of the two`,
    });
  }
  return problems;
}

const SIZES: ReadonlySet<string> = new Set(['maxBytes', 'maxArguments', 'maxResult']);
const COUNTS: ReadonlySet<string> = new Set([
  'concurrency',
  'maxCalls',
  'maxIdentical',
  'extend',
  'rollback',
  'resolve',
  'topUp',
  'delayOnTimeout',
  'delayOnRestart',
  'delayOnRollback',
  'persons',
  'denials',
]);

/** A value as a file would say it. */
function formatValue(block: string, key: string, value: Value): string {
  if (value === null) return block === 'cost' ? 'none' : 'off';
  if (typeof value !== 'number' || COUNTS.has(key)) return String(value);
  if (SIZES.has(key)) return formatSize(value);
  return block === 'cost' ? `${formatUsd(value)} USD` : formatDuration(value);
}
