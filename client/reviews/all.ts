import { askedOf, canDecide, waitingFor } from '../approvals/all.ts';
import type { Context } from '../context.ts';
import type { Unanswering } from '../list/askAll.ts';
import type { ReviewView } from '../../protocol/reviews/view.ts';

/** A review that persons are asked to do. */
export interface SessionReview extends ReviewView {
  readonly session: string;
}

/** What persons are asked to review. */
export interface AllReviews {
  /** Oldest first. */
  readonly reviews: readonly SessionReview[];
  /** Sessions that wait for a review and do not say which. */
  readonly unanswered: readonly Unanswering[];
}

export interface ReviewsOptions {
  /** Only those of these sessions; all by default. */
  readonly sessions?: readonly string[] | undefined;
  /** Only those that are late. */
  readonly overdue?: boolean | undefined;
  /** Only those that this client's actor did not ask for by starting the session, and has not done yet. */
  readonly mine?: boolean | undefined;
}

/** What persons are asked to review now; the search attribute by which sessions are found is some moments behind. */
export async function allReviews(
  context: Context,
  { sessions, overdue = false, mine = false }: ReviewsOptions,
): Promise<AllReviews> {
  const ids = sessions ?? (await waitingFor(context, 'review'));
  const { asked, unanswered } = await askedOf(ids, context, ({ reviews }) => reviews?.open ?? []);
  const isWanted = (each: SessionReview): boolean =>
    (!overdue || each.isOverdue) && (!mine || canDecide(each, context.actor));
  return { reviews: asked.filter(isWanted), unanswered };
}
