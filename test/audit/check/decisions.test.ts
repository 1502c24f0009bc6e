import { expect, test } from 'vitest';
import type { Decide } from '../../../audit/check/decisions.ts';
import { RecordedPolicies } from '../../../cedar/recorded.ts';
import { endOf, withValue } from './edit.ts';
import { check, codesIn, findingsIn, runsOf } from './recorded.ts';

const decide: Decide = (rules) => {
  const policies = new RecordedPolicies(rules, { get: () => Promise.reject(new Error('nothing is kept')) });
  return (attempt) => policies.decide(attempt);
};

test('A3, P2: each decision is the one that the rules on record make of its intent', async () => {
  const checked = await check(await runsOf('decided'), { decide });
  expect(codesIn(checked)).toEqual([]);
  expect(checked.checks.find(({ name }) => name === 'decisions')?.counted).toEqual({ decided: 4 });
});

test('A3: DECISION_DIFFERS: a denial that was changed into a permission is found', async () => {
  const runs = await runsOf('decided');
  const changed = withValue(runs, endOf(runs, 'never'), (outcome) => (outcome.decision.verdict = 'allow'));
  const found = findingsIn(await check(changed, { decide })).filter(({ code }) => code === 'DECISION_DIFFERS');
  expect(found).toMatchObject([{ severity: 'broken', data: { callId: 'never', then: 'allow', now: 'deny' } }]);
});

test('A3: where there is no engine of rules, that is said of each decision', async () => {
  const notes = findingsIn(await check(await runsOf('decided'))).filter(({ code }) => code === 'DECISION_NOT_CHECKED');
  expect(notes).toHaveLength(4);
});
