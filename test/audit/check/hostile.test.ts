import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_EVENTS, runInFile } from '../../../audit/check/file.ts';
import { CHECK_NAMES, type GivenRun } from '../../../audit/check/finding.ts';
import { payloadOf } from './edit.ts';
import { check, codesIn, runsOf } from './recorded.ts';

const refusal = (text: string) =>
  runInFile('x.json', text).then(
    () => 'read',
    ({ code }) => String(code),
  );

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['no events', '{"events":[]}'],
  ['events of a wrong type', '{"events":"x"}'],
  ['events that are no objects', '{"events":[1,null]}'],
  ['a type that does not exist', '{"events":[{"eventId":"1","eventType":"EVENT_TYPE_NONE"}]}'],
  [
    'attributes of a wrong type',
    '{"events":[{"eventId":"1","activityTaskScheduledEventAttributes":{"input":{"payloads":7}}}]}',
  ],
  ['an id that is no number', '{"events":[{"eventId":{"a":1},"eventTime":"never"}]}'],
  ['too many events', `{"events":[${'{},'.repeat(MOST_EVENTS)}{}]}`],
  ['deep JSON', `{"events":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`],
  ['deep objects', `{"events":[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`],
])('U4: a file with %s is refused by its code', async (_, text) => {
  expect(await refusal(text)).toBe('USAGE');
});

test('A3: whatever a history holds, each part of the check of it ends', async () => {
  const [base] = await runsOf('budget');
  const value = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(null, {}, [], 'x', -1, 1e300));
  const change = fc.record({ place: fc.nat(base!.events.length - 1), value, name: fc.constantFrom('input', 'result') });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const events = base!.events.map((event, index) => {
        const its = changes.find(({ place }) => place === index);
        if (!its) return event;
        const copy: { [member: string]: unknown } = { ...event };
        const kind = Object.keys(copy).find((each) => each.endsWith('EventAttributes') && copy[each])!;
        const payloads = { payloads: [payloadOf(its.value)] };
        const memo = { upsertedMemo: { fields: { audit: payloadOf(its.value) } } };
        copy[kind] = { ...(copy[kind] as object), [its.name]: payloads, outcome: { success: payloads }, ...memo };
        return copy as GivenRun['events'][number];
      });
      const { checks } = await check([{ ...base!, events }]);
      expect(checks.map(({ name }) => name)).toEqual(CHECK_NAMES);
    }),
    { numRuns: 200 },
  );
});

test('A3: fields that are of another type than Temporal has them break no check', async () => {
  const [run] = await runsOf('plan');
  const odd = [null, 1, 'x', [], { payloads: 'x' }, { seconds: 'x' }];
  for (const value of odd)
    for (const field of ['eventTime', 'eventId', 'eventType', 'taskId']) {
      const events = run!.events.with(8, { ...run!.events[8], [field]: value } as GivenRun['events'][number]);
      const codes = codesIn(await check([{ ...run!, events }]));
      if (field === 'eventId' || field === 'eventType')
        expect(codes.length, `${field} ${String(value)}`).toBeGreaterThan(0);
    }
});

test('A3: a payload nested a million times, or of a hundred thousand records, is refused in time', async () => {
  const [run] = await runsOf('plan');
  const place = run!.events.findIndex((event) => event.workflowPropertiesModifiedEventAttributes);
  const deep = { metadata: payloadOf(1).metadata, data: new TextEncoder().encode('['.repeat(1e6) + ']'.repeat(1e6)) };
  const many = payloadOf(Array.from({ length: 100_000 }, () => ({ n: 1, kind: 'transition', data: {}, at: 'x' })));
  for (const audit of [deep, many]) {
    const memo = { upsertedMemo: { fields: { audit } } };
    const event = { ...run!.events[place], workflowPropertiesModifiedEventAttributes: memo };
    const began = performance.now();
    const checked = await check([{ ...run!, events: run!.events.with(place, event as GivenRun['events'][number]) }]);
    expect(checked.isWhole).toBe(false);
    expect(performance.now() - began).toBeLessThan(60_000);
  }
});

test('A3: no runs at all are not whole', async () => {
  expect((await check([])).isWhole).toBe(false);
  expect(codesIn(await check([{ runId: 'r', events: [] }]))).toContain('RUN_BEGINNING');
});
