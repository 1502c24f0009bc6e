import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProfile, toProfile } from '../../config/profile.ts';
import { PROFILE_KEYS } from '../../config/schema/profile.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { refusal } from './errors.ts';

const HOUR = 3_600_000;
const parse = (text: string) => parseProfile(text, 'p.yaml');

describe('a governance profile', () => {
  test('loads as the source article writes it, in list form', () => {
    expect(parse(readFileSync('examples/governance.yaml', 'utf8'))).toEqual({
      ...DEFAULTS,
      session: { ...DEFAULTS.session, timeout: 24 * HOUR, gracePeriod: HOUR / 2, autoResume: true },
      cost: {
        auditCost: 500_000,
        executionCost: 1_000_000,
        complianceCost: 2_000_000,
        autoScale: true,
        budgetLimit: 1_000_000_000,
        costAlert: true,
        personCost: 0,
        delayOnTimeout: 50,
        delayOnRestart: 30,
        delayOnRollback: 40,
      },
      onCostAlert: { scaleDown: true, audit: true, notify: true, pause: false },
    });
  });

  test('says the same in list form and in map form, for every on… block', () => {
    for (const block of ['onTimeout', 'onRestart', 'onCostAlert', 'onReport'] as const) {
      const keys = Object.keys(PROFILE_KEYS[block]);
      fc.assert(
        fc.property(fc.subarray(keys, { minLength: 1 }), fc.boolean(), (chosen, value) => {
          fc.pre(!(block === 'onTimeout' && value && chosen.includes('pause') && chosen.includes('rollback')));
          const cost = { budgetLimit: 5, costAlert: true };
          const map = JSON.stringify({ cost, [block]: Object.fromEntries(chosen.map((key) => [key, value])) });
          const list = JSON.stringify({ cost, [block]: chosen.map((key) => ({ [key]: value })) });
          expect(parse(list)).toEqual(parse(map));
          expect(parse(map)[block]).toMatchObject(Object.fromEntries(chosen.map((key) => [key, value])));
        }),
      );
    }
  });

  test('has the default for whatever it leaves out', () => {
    expect(parse('{}')).toEqual(DEFAULTS);
    expect(parse('session: { concurrency: 2 }')).toEqual({
      ...DEFAULTS,
      session: { ...DEFAULTS.session, concurrency: 2 },
    });
  });

  test('T2: the warning comes 1 h before, or after nine tenths of a timeout that is no longer than that', () => {
    expect(parse('session: { timeout: 2h }').session.warning).toBe(HOUR);
    expect(parse('session: { timeout: 1h }').session.warning).toBe(HOUR / 10);
    expect(parse('session: { timeout: 1s }').session.warning).toBe(100);
    expect(parse('session: { timeout: 1h, warning: 59m }').session.warning).toBe(HOUR - 60_000);
  });

  test('T2: rollback at the deadline needs no explicit "pause: false"', () => {
    expect(parse('onTimeout: [ { rollback: true } ]').onTimeout).toMatchObject({ pause: false, rollback: true });
    expect(parse('onTimeout: { pause: false }').onTimeout).toMatchObject({ pause: false, rollback: false });
  });

  test('L2: keys that came after 0.1.0 change the pinned hash only where they are not at their default', () => {
    const hashOf = (text: string): string => toProfile('standard', parse(text)).hash;
    // As 0.1.0 had them: sessions that pinned these must not see a changed profile.
    expect(hashOf('{}')).toBe('699a623cfcf7ab3dab38990c596edfcb19f8ef7ff83605584b2a3300b0f38a10');
    expect(hashOf('session: { timeout: 2h, concurrency: 2 }\ncost: { budgetLimit: 5 }')).toBe(
      '3758a3ddee0c1451a128aafc1dc19661febd89bbe36069bd71b47c67339a45ee',
    );
    expect(
      hashOf(
        'session: { maxCalls: 10000, maxBytes: 1GiB, maxIdentical: 20, maxArguments: 10MiB, maxResult: 10MiB, ' +
          'agentHeartbeat: off, askRepeats: 15m, serverWait: 10m }',
      ),
    ).toBe(hashOf('{}'));
    for (const changed of [
      'maxCalls: 9999',
      'maxBytes: off',
      'maxIdentical: 21',
      'maxArguments: 9MiB',
      'maxResult: 64KiB',
      'agentHeartbeat: 1m',
      'askRepeats: off',
      'serverWait: 0s',
    ])
      expect(hashOf(`session: { ${changed} }`), changed).not.toBe(hashOf('{}'));
  });

  test('T4: the limit of bytes is a size or off', () => {
    expect(parse('session: { maxBytes: off }').session.maxBytes).toBeNull();
    expect(parse('session: { maxBytes: 10MiB }').session.maxBytes).toBe(10 * 1024 ** 2);
  });

  test('T3: the idle timeout is a duration or off', () => {
    expect(parse('session: { idleTimeout: off }').session.idleTimeout).toBeNull();
    expect(parse('session: { idleTimeout: 1h30m }').session.idleTimeout).toBe(1.5 * HOUR);
  });

  test.each([
    ['session: { maxBytes: 64 }', '1:22  session.maxBytes  has no unit; write "64KiB", or "64MiB", "64GiB"'],
    [
      'session: { maxBytes: 1GB }',
      '1:22  session.maxBytes  "1GB" is not a size; write a size such as "64KiB", "10MiB" or "1GiB", in whole ' +
        'numbers with the units B, KiB, MiB, GiB and TiB',
    ],
    ['session: { maxBytes: 2TiB }', '1:22  session.maxBytes  must be from 1KiB to 1TiB'],
    ['session: { maxArguments: 11MiB }', '1:26  session.maxArguments  must be from 1KiB to 10MiB'],
    ['session: { maxResult: 1000000 }', '1:23  session.maxResult  has no unit'],
    ['session: { maxCalls: 50001 }', '1:22  session.maxCalls  must be a whole number from 1 to 50000'],
    [
      'session: { timeout: 24 }',
      '1:21  session.timeout  has no unit, so its length would be a guess; write "24h" for hours, or "24m", "24s"',
    ],
    ['session: { timeout: 24 hours }', '1:21  session.timeout  "24 hours" is not a duration; write "24h"'],
    ['session: { timeout: 500ms }', '1:21  session.timeout  must be from 1s to 365d, not 500ms'],
    ['session: { timeout: 366d }', '1:21  session.timeout  must be from 1s to 365d, not 366d'],
    [
      'session: { auditTrail: false }',
      '1:24  session.auditTrail  must be true: the history of a session is its audit trail and cannot be switched off',
    ],
    ['session: { concurrency: 17 }', '1:25  session.concurrency  must be a whole number from 1 to 16'],
    ['session: { concurrency: 1.5 }', '1:25  session.concurrency  must be a whole number from 1 to 16'],
    ['session: { timeout: 2h, warning: 2h }', '1:34  session.warning  must be shorter than the timeout of 2h'],
    ['session: { timeout: 1h, idleTimeout: 1h }', '1:38  session.idleTimeout  must be shorter than the timeout of 1h'],
    [
      'session: { gracePeriod: 5m }\nonTimeout: { pause: false }',
      '1:25  session.gracePeriod  never begins: with onTimeout.pause: false the session ends at its deadline',
    ],
    ['cost: { costAlert: true }', '1:20  cost.costAlert  is a share of cost.budgetLimit, which is not set'],
    ['cost: { autoScale: true }', '1:20  cost.autoScale  raises again what onCostAlert.scaleDown lowered'],
    ['onCostAlert: [ { pause: true } ]', '1:25  onCostAlert.pause  follows from an alert, and there is none'],
    ['session: { warning: 24h }', '1:21  session.warning  must be shorter than the timeout of 1d'],
    [
      'session: { whilePaused: wiat }',
      '1:25  session.whilePaused  must be one of wait and refuse; did you mean "wait"?',
    ],
    ['session: { autoResume: "yes" }', '1:24  session.autoResume  must be true or false, not text'],
    ['session: { timout: 1h }', '1:12  session.timout  is not a known key; did you mean "timeout"?'],
    ['onTimeOut: {}', '1:1  onTimeOut  is not a known key; did you mean "onTimeout"?'],
    [
      'onTimeout: [ { pause: true }, { rollback: true } ]',
      '1:43  onTimeout.rollback  cannot be true together with pause',
    ],
    [
      'onTimeout: [ { audit: true }, { audit: true } ]',
      '1:33  onTimeout[1].audit  stands twice in the list; keep one of them',
    ],
    ['onTimeout: []', '1:12  onTimeout  is an empty list; write at least one item, or leave the key out'],
    ['onTimeout: [ { audit: true, notify: true } ]', '1:14  onTimeout[0]  must be an item with one key'],
    ['onTimeout: [ {} ]', '1:14  onTimeout[0]  must be an item with one key'],
    ['onTimeout: [ audit ]', '1:14  onTimeout[0]  must be an item with one key'],
    ['cost: { auditCost: -1 }', '1:20  cost.auditCost  is negative'],
    ['cost: { auditCost: 0.1234567 }', '1:20  cost.auditCost  has more than 6 decimals'],
    ['cost: { budgetLimit: "1000" }', '1:22  cost.budgetLimit  must be an amount in USD as a plain number'],
    ['cost: { budgetLimit: 1.0000000000000000001 }', '1:22  cost.budgetLimit  is a number that cannot be kept exactly'],
    ['session:', '1:9  session  is empty; write a mapping'],
    ['', '1:1  is empty; write a mapping'],
    ['[1]', '1:1  must be a mapping'],
  ])('U4: %s is refused with place and reason', async (text, line) => {
    const lines = await refusal('PROFILE_INVALID', () => parse(text));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`p.yaml:${line}`);
  });

  test('U4: one error lists all problems, in the order of the file', async () => {
    const text =
      'session:\n  timeout: 5\n  timeout: 3h\n  idle: 1h\nonTimeout:\n  - pause: maybe\n  - nothing: ' +
      'true\ncost: { auditCost: -1 }\nextra: {}\n';
    expect((await refusal('PROFILE_INVALID', () => parse(text))).map((line) => line.split('  ').slice(0, 2))).toEqual([
      ['p.yaml:3:3', 'session.timeout'],
      ['p.yaml:4:3', 'session.idle'],
      ['p.yaml:6:12', 'onTimeout.pause'],
      ['p.yaml:7:5', 'onTimeout.nothing'],
      ['p.yaml:8:20', 'cost.auditCost'],
      ['p.yaml:9:1', 'extra'],
    ]);
  });
});
