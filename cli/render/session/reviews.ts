import type { SessionView } from '../../../protocol/view.ts';
import { printable } from '../../io/printable.ts';

/** What `custody show` says of reviews: which are done, by whom, with what. Nothing where rules alone found nothing. */
export function reviewFacts({ reviews }: Pick<SessionView, 'reviews'>): [string, string][] {
  const told = (reviews?.done ?? []).filter(({ verdict, approval }) => verdict !== 'passed' || approval !== null);
  const lines = told.flatMap(({ review, by, verdict, findings, said, causes }) => {
    const of = `${review}${causes.length === 0 ? '' : ` (${causes.join(', ')})`}`;
    const found = [
      ...findings.map(({ rule, text }) => `${rule}: ${text}`),
      ...said.map(({ actor, text }) => `${actor}: ${text}`),
    ];
    return [`${of} by ${printable(by)}: ${verdict}${found.map((each) => `; ${printable(each)}`).join('')}`];
  });
  const waiting = (reviews?.due ?? []).map(({ cause }) => `extra (${cause}): rules look once no call is in doubt`);
  return [...lines, ...waiting].map((line, index) => [index === 0 ? 'reviewed' : '', line]);
}
