import { expect, test } from 'vitest';
import { canonical } from '../../../protocol/values/digest.ts';
import { refsIn } from '../../../audit/seal/refs.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { recordedSession } from '../recorded.ts';

const recordsOf = (name: string) => recordedSession(name).records.flatMap((record) => record ?? []);

/** `npx vitest run test/audit/schema/pinned.test.ts -u` writes them anew, where they are meant to be others. */
test.each(['release', 'release-trouble'])(
  'A1: the history %s of this release gives the same records, byte for byte',
  async (name) => {
    const lines = recordsOf(name).map((record) => `${canonical(record as unknown as Json)}\n`);
    await expect(lines.join('')).toMatchFileSnapshot(`./${name}.jsonl`);
  },
);

test('A1: they have an approval, a denial, money, reviews, a trace of the caller, and a value by reference', () => {
  const records = recordsOf('release');
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

test('A1: and an incident with its notice, an effect that was undone, and a call in doubt that was resolved', () => {
  const kinds = recordsOf('release-trouble').map(({ kind }) => kind);
  for (const kind of ['incident', 'notify', 'incident-closed', 'rollback', 'undone', 'in-doubt', 'resolved'] as const)
    expect(kinds).toContain(kind);
});
