import { counted } from '../../../protocol/values/text.ts';
import type { ApprovalView } from '../../../protocol/view.ts';
import { whatIsAsked } from '../../../session/approvals/subject.ts';

/** What people are asked to approve, in words for a model: what, of how many, why, and until when. */
export function askedInWords({ subject, persons, votes, expiresAt, why }: ApprovalView): string {
  const had = votes.length > 0 ? `, ${votes.length} approved it so far` : '';
  const ends = subject.kind === 'call' ? 'it is denied' : 'it does not happen';
  const what = whatIsAsked(subject);
  return `approval of ${what} by ${counted(persons, 'person')}${had}, until ${expiresAt}; else ${ends} (${why})`;
}
