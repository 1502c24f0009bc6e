import type { ReviewCause } from '../../protocol/reviews/reviews.ts';
import { beginningOf } from '../../protocol/values/text.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { isReview } from './asked.ts';
import { type DoneReview, type DueCause, MOST_DRIVERS, MOST_EXTRA, type Reviews, violationsOf } from './state.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** So much is kept of what a person found; all of it stands on record. */
const SAID = 300;

/** What is reviewed of a session, after an event. */
export function foldReviews(session: Session, event: Event): Partial<Reviews> | undefined {
  switch (event.type) {
    case 'opened':
      return event.governance.reviews ? fromDuties(session) : undefined;
    case 'reviewDue': {
      const { cause, at } = event;
      return {
        ...withCauses(session, [{ cause, since: at }]),
        ...(cause === 'over-24h' ? { dayReviewed: true } : {}),
        ...(cause === 'violations' ? { violationsSeen: violationsOf(session.faults) } : {}),
      };
    }
    case 'reviewedByRules':
      return { reviewsDone: withDone(session, event.done), ...without(session, event.done.causes) };
    case 'approvalAsked':
      return isReview(event.approval) ? without(session, event.approval.subject.causes) : undefined;
    case 'approvalEnded':
      return ended(session, event);
    case 'moved':
      // Whoever resumes a session knows of it.
      return session.objected !== null && (event.to.name === 'PAUSED' || event.to.name === 'RESUMING')
        ? { objected: null }
        : undefined;
    default:
      return { ...counted(session, event), ...withDriver(session, event) };
  }
}

/** A session that opened before there were reviews, and whose profile was accepted anew. */
function fromDuties({ duties, checkedOver24h, dayReviewed, ...session }: Session): Partial<Reviews> {
  const isOld = checkedOver24h || duties.some(({ kind }) => kind === 'over-24h');
  const causes = duties.map(({ kind: cause, since }) => ({ cause, since }));
  return { ...withCauses(session, causes), dayReviewed: dayReviewed || isOld };
}

const withCauses = ({ reviewCauses }: Pick<Reviews, 'reviewCauses'>, more: readonly DueCause[]) => ({
  reviewCauses: [...reviewCauses, ...more.filter((each) => reviewCauses.every(({ cause }) => cause !== each.cause))],
});

const without = ({ reviewCauses }: Pick<Reviews, 'reviewCauses'>, begun: readonly ReviewCause[]) => ({
  reviewCauses: reviewCauses.filter(({ cause }) => !begun.includes(cause)),
});

/** Of the extra ones the oldest give way. */
function withDone({ reviewsDone }: Pick<Reviews, 'reviewsDone'>, done: DoneReview): Reviews['reviewsDone'] {
  const all = [...reviewsDone, done];
  const extra = all.filter(({ review }) => review === 'extra');
  const first = extra.length > MOST_EXTRA ? extra[0] : undefined;
  return all.filter((each) => each !== first);
}

function ended(session: Session, { approval, as, by, reason, at }: Of<'approvalEnded'>): Partial<Reviews> | undefined {
  if (!isReview(approval)) return undefined;
  const { review, causes, since, findings } = approval.subject;
  const isExtra = review === 'extra';
  const again = causes.map((cause) => ({ cause, since }));
  if (as === 'void') return withCauses({ reviewCauses: again }, session.reviewCauses);
  if (as !== 'approved' && as !== 'rejected') return undefined;
  const verdict = as === 'approved' ? 'passed' : 'objection';
  const said = approval.votes.map(({ actor, reason: text }) => ({ actor, text: beginningOf(text, SAID) }));
  const done = { review, causes, approval: approval.id, by, verdict, findings, said, at } as const;
  return {
    reviewsDone: withDone(session, done),
    objections: session.objections + (as === 'rejected' ? 1 : 0),
    objected: as === 'rejected' && isExtra ? `${by} objects in the review ${approval.id}: ${reason}` : session.objected,
  };
}

function counted({ faults }: Reviews, event: Event): Partial<Reviews> | undefined {
  const more = (name: keyof Reviews['faults'], by = 1) => ({ faults: { ...faults, [name]: faults[name] + by } });
  switch (event.type) {
    case 'callDenied':
      return more('denied');
    case 'noted':
      return event.kind === 'runaway' || event.kind === 'limit' ? more('stopped') : undefined;
    case 'charged':
      return event.excess > 0 ? more('overrun') : undefined;
    case 'callEnded':
      return event.answer.outcome === 'failed' && event.call.sent && !event.answer.resolved
        ? more('failed')
        : undefined;
    case 'callResolved':
      return event.as === 'failed' ? more('resolvedAsFailed') : undefined;
    case 'rollbackEnded':
      return event.remaining > 0 ? more('notUndone', event.remaining) : undefined;
    default:
      return undefined;
  }
}

/** Who calls tools, acts as the agent, or says how a call ended does not review that. */
function withDriver({ drivers }: Reviews, event: Event): Partial<Reviews> | undefined {
  const names = namesIn(event).filter((name) => !drivers.includes(name));
  return names.length === 0 || drivers.length >= MOST_DRIVERS ? undefined : { drivers: [...drivers, ...names] };
}

function namesIn(event: Event): readonly string[] {
  switch (event.type) {
    case 'callAccepted':
      return [event.call.actor];
    case 'attached':
    case 'stateSaved':
    case 'recorded':
    case 'callResolved': {
      const { actor, proven } = event.by;
      return proven && proven.person !== actor ? [actor, proven.person] : [actor];
    }
    default:
      return [];
  }
}
