import type { RecordBody } from '../../../protocol/records.ts';
import type { Verdict } from '../../../protocol/reviews/reviews.ts';
import { reviewRecord } from '../../../session/reviews/records.ts';
import { byOf, World } from '../world.ts';

export const complete = (world: World): World => world.do({ type: 'complete', by: byOf('all done') });

/** What a person found. */
export const found = (review: string, actor = 'bob', verdict: Verdict = 'passed') =>
  ({ type: 'review', by: byOf('', actor), review, finding: 'looked at it', verdict }) as const;

/** Reviews that persons are asked to do: id and name. */
export const asked = ({ session }: World): readonly string[] =>
  session.approvals.flatMap(({ id, subject }) => (subject.kind === 'review' ? [`${id} ${subject.review}`] : []));

/** Those that are done: name, by whom, verdict. */
export const done = ({ session }: World): readonly string[] =>
  session.reviewsDone.map(({ review, by, verdict }) => `${review} ${by} ${verdict}`);

/** Records of reviews, in order. */
export const records = ({ events }: World): RecordBody[] => events.flatMap((event) => reviewRecord(event) ?? []);
