import type { AllReviews, ReviewView, SessionReview } from '../../../client/index.ts';
import { shellWord } from '../../io/shell.ts';
import { table } from '../table.ts';
import { distance } from '../time.ts';

const nameOf = ({ session, id }: Pick<SessionReview, 'session' | 'id'>): string => `${session}/${id}`;

/**
 * `custody reviews` in words.
 *
 * @param where options that the commands in it need beside their own
 */
export function showReviews({ reviews, unanswered }: AllReviews, where: string): string {
  if (reviews.length === 0)
    return unanswered.length === 0 ? 'No review is to be done.' : 'No review is known to be to do.';
  const rows = reviews.map((each) => [
    nameOf(each),
    `${each.review} review`,
    `${each.requester} (${each.standing})`,
    distance(each.openedAt),
    `${distance(each.dueAt)}${each.isOverdue ? ', late' : ''}`,
    `${each.votes.length} of ${each.persons}`,
    whyOf(each),
  ]);
  return [
    table(['REVIEW', 'WHAT', 'OF', 'SINCE', 'DUE', 'DONE', 'WHY'], rows),
    '',
    `  $ custody reviews done REVIEW --finding "what you found"${where}`,
  ].join('\n');
}

/** Why persons are asked, and what rules found. */
export const whyOf = ({ why, findings }: Pick<ReviewView, 'why' | 'findings'>): string =>
  [why, ...findings.map(({ rule, text }) => `${rule}: ${text}`)].join('; ');

/** The command that does a review. */
export const doing = (session: string, id: string): string =>
  `custody reviews done ${shellWord(`${session}/${id}`)} --finding "what you found"`;
