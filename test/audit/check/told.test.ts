import { expect, test } from 'vitest';
import { check, codesIn, findingsIn, runsOf } from './recorded.ts';

test('A3: what a reset discarded is told, with its events and records', async () => {
  const [discarded] = findingsIn(await check(await runsOf('reset'))).filter(({ code }) => code === 'DISCARDED');
  expect(discarded).toMatchObject({ severity: 'note', data: { how: 'reset', from: 30, to: 32 }, records: [] });
});

test('A3: a session that is told to be open is checked up to its last event', async () => {
  const [run] = await runsOf('plan');
  const upToNow = { ...run!, events: run!.events.slice(0, 30) };
  const checked = await check([upToNow], { isOpen: true });
  expect(codesIn(checked)).toEqual([]);
  expect(findingsIn(checked)).toContainEqual(expect.objectContaining({ code: 'RUN_STILL_OPEN', events: [30] }));
});

test('A3: calls that did not simply come to their end are named', async () => {
  const named = findingsIn(await check(await runsOf('decided'))).filter(({ code }) => code.startsWith('CALL_'));
  expect(named.map(({ code, data }) => [code, data.callId])).toEqual([
    ['CALL_REFUSED', 'no'],
    ['CALL_DENIED', 'never'],
  ]);
});
