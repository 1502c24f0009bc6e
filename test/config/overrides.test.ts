import { describe, expect, test } from 'vitest';
import { OVERRIDE_RULES, tighten } from '../../config/overrides.ts';
import { parseProfile } from '../../config/profile.ts';
import { PROFILE_KEYS } from '../../config/schema/profile.ts';
import { DEFAULTS, type Governance } from '../../protocol/governance.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import { refusal } from './errors.ts';

const profile = (text: string): Governance => parseProfile(text, 'p.yaml');

describe('overrides of a session spec', () => {
  test('take over what is tighter, in list form and in map form', () => {
    const result = tighten(profile('onRestart: { audit: false }'), {
      session: {
        timeout: '2h',
        concurrency: 1,
        whilePaused: 'refuse',
        onPause: 'cancel',
        pausedTimeCounts: true,
        idleTimeout: '5m',
        warning: '90m',
      },
      onRestart: [{ audit: true }, { restore: false }],
      cost: { budgetLimit: 2.5 },
    });
    expect(result).toEqual({
      ...DEFAULTS,
      session: {
        ...DEFAULTS.session,
        timeout: 7_200_000,
        warning: 5_400_000,
        concurrency: 1,
        whilePaused: 'refuse',
        onPause: 'cancel',
        idleTimeout: 300_000,
      },
      onRestart: { ...DEFAULTS.onRestart, restore: false },
      cost: { ...DEFAULTS.cost, budgetLimit: 2_500_000 },
    });
  });

  test('may repeat what the profile has', () => {
    expect(
      tighten(DEFAULTS, {
        session: { timeout: '24h', idleTimeout: 'off', auditTrail: true },
        cost: { auditCost: 0.5 },
        onReport: { summary: true },
      }),
    ).toEqual(DEFAULTS);
  });

  test('T2: a warning that a shorter timeout overtakes gets its default', () => {
    expect(tighten(DEFAULTS, { session: { timeout: '30m' } }).session).toMatchObject({
      timeout: 1_800_000,
      warning: 180_000,
    });
    expect(tighten(profile('session: { warning: 2h }'), { session: { timeout: '3h' } }).session.warning).toBe(
      7_200_000,
    );
  });

  test('are refused with all keys that would loosen the profile', async () => {
    const loose = {
      session: {
        timeout: '25h',
        gracePeriod: '1h',
        maxExtension: '2d',
        autoResume: true,
        complianceCheck: false,
        pausedTimeCounts: false,
        concurrency: 5,
        warning: '24h',
      },
      onTimeout: [{ audit: false }],
      cost: { auditCost: 0, budgetLimit: 2 },
      onCostAlert: { pause: true },
    };
    expect(await refusal('OVERRIDE_OUT_OF_BOUNDS', () => tighten(profile('cost: { budgetLimit: 1 }'), loose))).toEqual([
      'spec  overrides.session.timeout  would loosen the profile, which has 1d; write at most that, or leave it out',
      'spec  overrides.session.gracePeriod  would loosen the profile, which has 30m; write at most that, or ' +
        'leave it out',
      'spec  overrides.session.maxExtension  would loosen the profile, which has 1d; write at most that, or ' +
        'leave it out',
      'spec  overrides.session.pausedTimeCounts  would loosen the profile, which has true; leave it out',
      'spec  overrides.session.autoResume  would loosen the profile, which has false; leave it out',
      'spec  overrides.session.complianceCheck  would loosen the profile, which has true; leave it out',
      'spec  overrides.session.concurrency  would loosen the profile, which has 4; write at most that, or leave it out',
      'spec  overrides.onTimeout.audit  would loosen the profile, which has true; leave it out',
      "spec  overrides.cost.auditCost  is the profile's to say, which has 0.5 USD; leave it out",
      'spec  overrides.cost.budgetLimit  would loosen the profile, which has 1 USD; write at most that, or ' +
        'leave it out',
      "spec  overrides.onCostAlert.pause  is the profile's to say, which has false; leave it out",
    ]);
  });

  test('cannot switch an idle timeout off, or warn before the session starts', async () => {
    expect(
      await refusal('OVERRIDE_OUT_OF_BOUNDS', () =>
        tighten(profile('session: { idleTimeout: 1h }'), { session: { idleTimeout: 'off' } }),
      ),
    ).toHaveLength(1);
    expect(await refusal('OVERRIDE_OUT_OF_BOUNDS', () => tighten(DEFAULTS, { session: { warning: '24h' } }))).toEqual([
      'spec  overrides.session.warning  must be shorter than the timeout of 1d',
    ]);
  });

  test('cannot choose another end than the profile: pause and rollback exclude each other', async () => {
    expect(
      await refusal('OVERRIDE_OUT_OF_BOUNDS', () => tighten(DEFAULTS, { onTimeout: { rollback: true } })),
    ).toHaveLength(1);
    expect(
      await refusal('OVERRIDE_OUT_OF_BOUNDS', () =>
        tighten(profile('onTimeout: { rollback: true }'), { onTimeout: { pause: true } }),
      ),
    ).toHaveLength(1);
    expect(tighten(profile('onTimeout: { pause: false }'), { onTimeout: { rollback: true } }).onTimeout).toMatchObject({
      pause: false,
      rollback: true,
    });
  });

  test.each<[string, JsonObject]>([
    ['overrides.session.timeout  has no unit', { session: { timeout: 2 } }],
    ['overrides.session.auditTrail  must be true', { session: { auditTrail: false } }],
    ['overrides.sesion  is not a known key; did you mean "session"?', { sesion: {} }],
    ['overrides.onTimeout  is an empty list', { onTimeout: [] }],
    [
      'overrides.session.warning  must be shorter than the timeout of 1h',
      { session: { timeout: '1h', warning: '1h' } },
    ],
  ])('that are no part of a profile are refused as a wrong spec: %s', async (line, overrides) => {
    expect((await refusal('SPEC_INVALID', () => tighten(DEFAULTS, overrides)))[0]).toContain(line);
  });
});

test('every key of a profile has a rule', () => {
  for (const [block, keys] of Object.entries(PROFILE_KEYS))
    expect(Object.keys(OVERRIDE_RULES[block as keyof Governance])).toEqual(Object.keys(keys));
});
