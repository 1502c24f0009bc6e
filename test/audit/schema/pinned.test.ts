import { expect, test } from 'vitest';
import { canonical } from '../../../protocol/values/digest.ts';
import { refsIn } from '../../../audit/seal/refs.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { recordedSession } from '../recorded.ts';

const records = recordedSession('release').records.flatMap((record) => record ?? []);

/** `npx vitest run test/audit/schema/pinned.test.ts -u` writes them anew, where they are meant to be others. */
test('A1: the history of this release gives the same records, byte for byte', async () => {
  const lines = records.map((record) => `${canonical(record as unknown as Json)}\n`).join('');
  await expect(lines).toMatchFileSnapshot('./release.jsonl');
});

test('A1: they have an approval, a denial, money, reviews, a trace of the caller, and a value by reference', () => {
  const kinds = new Set(records.map(({ kind }) => kind));
  for (const kind of ['approval-asked', 'approved', 'denied', 'topped-up', 'review-asked', 'reviewed'] as const)
    expect(kinds).toContain(kind);
  const attempts = records.flatMap((record) => (record.kind === 'attempt' ? [record.data] : []));
  expect(attempts.find(({ callId }) => callId === 'traced')?.traceparent).toMatch(
    /^00-0af7651916cd43dd8448eb211c80319c-/,
  );
  const large = records.find(({ kind, call }) => kind === 'outcome' && call === 'large');
  expect(refsIn(large?.data)).toHaveLength(1);
});
