import type { SessionRecords } from '../../audit/report/facts.ts';
import type { Custody } from '../../client/custody.ts';
import { recordsOf } from '../../client/session/watch.ts';
import { askAll, type Unanswering } from '../../client/list/askAll.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { sealedIn } from '../audit/sealed.ts';
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
  return { sources: inOrder(answers), unanswered };
}

/**
 * The records of bundles in folders, once each is verified, under the checkpoints that seal them.
 *
 * @throws CustodyError USAGE, BUNDLE_MALFORMED, EVIDENCE_ERASED
 */
export async function bundleRecords(
  folders: readonly string[],
  trust: readonly string[] | undefined,
): Promise<readonly SessionRecords[]> {
  const sources: SessionRecords[] = [];
  for (const folder of folders) sources.push(await sealedIn(folder, trust));
  const twice = sources.find(({ session }, at) => sources.findIndex((each) => each.session === session) < at);
  if (twice) throw new CustodyError('USAGE', `Two of these are of the session ${twice.session}: give one of each.`);
  return inOrder(sources);
}

/** By the time of their start. */
const inOrder = (sources: readonly SessionRecords[]): readonly SessionRecords[] =>
  sources.toSorted((a, b) => startOf(a).localeCompare(startOf(b)));
const startOf = ({ records: [first] }: SessionRecords): string => first?.at ?? '';

async function listed(custody: Custody, options: Extract<Which, { since: Date }>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of custody.list(options)) ids.push(id);
  return ids;
}
