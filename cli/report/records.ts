import type { SessionRecords } from '../../audit/report/facts.ts';
import type { Custody } from '../../client/custody.ts';
import { recordsOf } from '../../client/session/watch.ts';
import { askAll, type Unanswering } from '../../client/list/askAll.ts';
import type { EvidenceRecord } from '../../audit/read/record.ts';

/** What sessions are reported. */
export type Which = readonly string[] | { readonly since: Date; readonly limit: number };

/** The records of some sessions, read from their histories, by the time of their start. */
export async function sessionRecords(
  custody: Custody,
  which: Which,
): Promise<{ readonly sources: readonly SessionRecords[]; readonly unanswered: readonly Unanswering[] }> {
  const ids = 'since' in which ? await listed(custody, which) : [...new Set(which)];
  const { answers, unanswered } = await askAll(ids, async (session): Promise<SessionRecords> => {
    const records: EvidenceRecord[] = [];
    const reading = recordsOf(custody.temporal, session, { follow: false });
    for await (const { records: some } of reading) records.push(...some);
    return { session, records };
  });
  const startOf = ({ records: [first] }: SessionRecords): string => first?.at ?? '';
  return { sources: answers.toSorted((a, b) => startOf(a).localeCompare(startOf(b))), unanswered };
}

async function listed(custody: Custody, options: Extract<Which, { since: Date }>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of custody.list(options)) ids.push(id);
  return ids;
}
