import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nativeHmac } from '../../../audit/nativeSha256.ts';
import type { HistoryEvent } from '../../../audit/history.ts';
import { eventsIn } from '../../../audit/read/json.ts';
import { RawHistory, rawOf } from '../../../audit/read/raw.ts';
import { sessionKeys } from '../../../audit/seal/keys.ts';
import { KEY, RECORDED } from '../../support/evidence/sealed.ts';

test('A4: a raw history is the same, in however many parts its events come', () => {
  const events = eventsIn(RECORDED.get('plan')![0]!);
  const wanted = rawOf(events);
  fc.assert(
    fc.property(fc.array(fc.nat(events.length)), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), events.length];
      let raw: RawHistory | undefined = new RawHistory();
      for (let part = 1; part < at.length; part += 1) raw = raw?.with(events.slice(at[part - 1], at[part]));
      expect(raw?.bytes).toBeLessThanOrEqual(wanted.length);
      expect(Buffer.from(raw!.whole()).equals(wanted)).toBe(true);
    }),
    { numRuns: 30 },
  );
  expect(eventsIn(wanted)).toEqual(events);
});

test('A4: a raw history is the same, in whatever order Temporal gives the entries of maps', () => {
  const [events, backwards] = [eventsIn(RECORDED.get('plan')![0]!), eventsIn(RECORDED.get('plan')![0]!)];
  const of = ([first]: readonly HistoryEvent[]) => first!.workflowExecutionStartedEventAttributes!.searchAttributes!;
  of(backwards).indexedFields = Object.fromEntries(Object.entries(of(events).indexedFields!).reverse());
  expect(Object.keys(of(backwards).indexedFields!)).not.toEqual(Object.keys(of(events).indexedFields!));
  expect(Buffer.from(rawOf(backwards)).equals(rawOf(events))).toBe(true);
});

test('A4: a history that takes too much memory is not kept', () => {
  const [event] = eventsIn(RECORDED.get('plan')![0]!);
  const long = Array.from({ length: 20_000 }, () => event!);
  expect(new RawHistory().with(long)).toBeUndefined();
});

test("A4: Node's HMAC and the one that runs everywhere make the same files and salts", async () => {
  const [native, portable] = [await sessionKeys(KEY, nativeHmac), await sessionKeys(KEY)];
  const content = new TextEncoder().encode('what was said');
  expect(native.salt(7)).toEqual(portable.salt(7));
  const sealed = await native.seal('private/a', content);
  expect(sealed).toEqual(await portable.seal('private/a', content));
  expect(await portable.open('private/a', sealed)).toEqual(content);
});
