import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatUsd } from '../../protocol/money/usd.ts';
import { tighten } from '../../config/overrides.ts';
import { parseProfile } from '../../config/profile.ts';
import { PROFILE_KEYS } from '../../config/schema/profile.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { DEFAULTS, type Governance } from '../../protocol/governance.ts';
import { SCAN_ACTIONS, type ScanAction } from '../../protocol/incidents/scan.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { JsonObject } from '../../protocol/values/json.ts';

type Value = string | number | boolean | null;
type Flat = { readonly [key: string]: Value };

const flat = (governance: Governance): Flat =>
  Object.fromEntries(
    Object.entries(governance).flatMap(([block, keys]) =>
      Object.entries(keys as Flat).map(([key, value]) => [`${block}.${key}`, value]),
    ),
  );

const profile = (text: string): Governance => parseProfile(text, 'p.yaml');

/** Values of a key as a file writes them: some legal ones of both directions. */
function writtenValues(block: string, key: string): fc.Arbitrary<string | number | boolean> {
  const full = `${block}.${key}`;
  if (full === 'session.auditTrail') return fc.constant(true);
  if (block === 'approvals' && key !== 'expires') return fc.integer({ min: 0, max: 10 });
  if (full === 'reviews.persons') return fc.integer({ min: 1, max: 10 });
  if (block === 'reviews' && key !== 'due') return fc.constantFrom('rules', 'findings', 'person');
  if (full === 'session.concurrency') return fc.integer({ min: 1, max: 16 });
  if (full === 'session.maxCalls' || full === 'session.maxIdentical') return fc.integer({ min: 1, max: 10_000 });
  if (full === 'session.maxBytes')
    return fc.oneof(
      fc.integer({ min: 1, max: 2000 }).map((mib) => `${mib}MiB`),
      fc.constant('off'),
    );
  if (full === 'session.maxArguments' || full === 'session.maxResult')
    return fc.integer({ min: 1, max: 10_240 }).map((kib) => `${kib}KiB`);
  if (full === 'session.whilePaused') return fc.constantFrom('wait', 'refuse');
  if (full === 'session.onPause') return fc.constantFrom('drain', 'cancel');
  const given = flat(DEFAULTS)[full];
  if (typeof given === 'boolean') return fc.boolean();
  if (full === 'incidents.denials') return fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant('off'));
  if (block === 'scan') return fc.constantFrom(...SCAN_ACTIONS);
  if (block === 'cost') return fc.integer({ min: 0, max: 3_000_000 }).map((micro) => Number(formatUsd(micro)));
  const duration = fc.integer({ min: 1, max: 200_000 }).map((seconds) => formatDuration(seconds * 1000));
  return ['idleTimeout', 'agentHeartbeat', 'askRepeats'].includes(key)
    ? fc.oneof(duration, fc.constant('off'))
    : duration;
}

const written = fc.record(
  Object.fromEntries(
    Object.entries(PROFILE_KEYS).map(([block, keys]) => [
      block,
      fc.record(Object.fromEntries(Object.keys(keys).map((key) => [key, writtenValues(block, key)])), {
        requiredKeys: [],
      }),
    ]),
  ),
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

type Written = { readonly [block: string]: { readonly [key: string]: unknown } };

/** Without the keys that make no sense beside others, such as pause with rollback, or a warning above the timeout. */
function sensible(given: Written): Governance {
  try {
    return profile(JSON.stringify(given));
  } catch (error) {
    const [, block = '', key = ''] = / {2}(\w+)\.(\w+) {2}/.exec((error as Error).message) ?? [];
    const { [key]: _, ...rest } = given[block] ?? {};
    if (!Object.hasOwn(given[block] ?? {}, key)) throw error;
    return sensible({ ...given, [block]: rest });
  }
}

/** Few keys, so that many overrides pass. */
const few = written
  .chain((all) => {
    const entries = Object.entries(all).flatMap(([block, keys]) =>
      Object.entries(keys as JsonObject).map(([key, value]) => [block, key, value] as const),
    );
    return fc.subarray(entries, { maxLength: Math.min(3, entries.length) });
  })
  .map((chosen) => {
    const overrides: Record<string, Record<string, unknown>> = {};
    for (const [block, key, value] of chosen) (overrides[block] ??= {})[key] = value;
    return overrides as JsonObject;
  });

/** What the documentation promises of each key, said once more: the strict side of every pair of values. */
const STRICT: Flat = {
  'session.pausedTimeCounts': true,
  'session.autoResume': false,
  'session.auditTrail': true,
  'session.complianceCheck': true,
  'session.whilePaused': 'refuse',
  'session.onPause': 'cancel',
  'proof.start': true,
  'proof.fork': true,
  'proof.recover': true,
  'proof.resume': true,
  'proof.checkpoint': true,
  'proof.rollback': true,
  'proof.extend': true,
  'proof.topUp': true,
  'proof.complete': true,
  'proof.cancel': true,
  'proof.resolve': true,
  'proof.respond': true,
  'proof.approve': true,
  'proof.reject': true,
  'proof.review': true,
  'proof.attach': true,
  'reviews.session': 'person',
  'reviews.execution': 'person',
  'reviews.compliance': 'person',
  'reviews.extra': 'person',
  'proof.saveState': true,
  'proof.record': true,
  'onTimeout.pause': true,
  'onTimeout.audit': true,
  'onTimeout.notify': true,
  'onTimeout.rollback': true,
  'onRestart.restore': false,
  'onRestart.audit': true,
  'onRestart.notify': true,
  'onRestart.compliance': true,
  'proof.closeIncident': true,
  'onIncident.audit': true,
  'onIncident.notify': true,
  'onIncident.pause': true,
};
const LOWER = [
  'session.timeout',
  'session.gracePeriod',
  'session.maxExtension',
  'session.idleTimeout',
  'session.concurrency',
  'session.maxCalls',
  'session.maxBytes',
  'session.maxIdentical',
  'session.maxArguments',
  'session.maxResult',
  'session.agentHeartbeat',
  'cost.budgetLimit',
  'incidents.denials',
  'approvals.expires',
  'reviews.due',
];

test('tightening never loosens: whatever passes is, key by key, at least as strict', () => {
  let passed = 0;
  let changed = 0;
  fc.assert(
    fc.property(written, few, (given, overrides) => {
      const before = sensible(given as Written);
      let after: Flat;
      try {
        after = flat(tighten(before, overrides));
      } catch (error) {
        if (error instanceof CustodyError) return;
        throw error;
      }
      passed += 1;
      for (const [key, was] of Object.entries(flat(before))) {
        const is = after[key]!;
        if (is === was || key === 'session.warning' || key === 'session.askRepeats' || key === 'session.serverWait')
          continue;
        changed += 1;
        if (LOWER.includes(key)) expect((is ?? Infinity) < (was ?? Infinity), key).toBe(true);
        else if (key.startsWith('scan.'))
          expect(SCAN_ACTIONS.indexOf(is as ScanAction), key).toBeGreaterThan(SCAN_ACTIONS.indexOf(was as ScanAction));
        else expect(is, key).toBe(STRICT[key]);
      }
      expect(after['session.warning']).toBeLessThan(after['session.timeout'] as number);
      expect(after['onTimeout.pause'] && after['onTimeout.rollback']).toBe(false);
      expect(flat(tighten(tighten(before, overrides), overrides))).toEqual(after);
    }),
    { numRuns: 3000 },
  );
  expect(passed).toBeGreaterThan(100);
  expect(changed).toBeGreaterThan(100);
});
