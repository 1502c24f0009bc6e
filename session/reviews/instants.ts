import type { Session } from '../session.ts';
import type { Due } from '../time/due.ts';
import { askedReviews } from './asked.ts';

const DAY = 24 * 60 * 60 * 1000;

/** When the length of a session calls for an extra review. */
export const dayAt = ({ governance, dayReviewed, startedAt }: Session): number =>
  governance?.reviews && !dayReviewed ? startedAt + DAY : Infinity;

/** When reviews are due by the clock alone. */
export const reviewInstants = (session: Session): readonly Due[] => [
  { at: dayAt(session), what: 'review after 24 h' },
  ...askedReviews(session)
    .filter(({ isOverdue }) => !isOverdue)
    .map(({ id, expiresAt }) => ({ at: expiresAt, what: `review ${id} is late` })),
];
