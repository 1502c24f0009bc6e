import type { AllApprovals, AllReviews, SessionApproval, SessionReview, Unanswering } from '../../client/index.ts';
import { whatIsAsked } from '../../session/approvals/subject.ts';
import { mayAct } from '../../protocol/identity/roles.ts';
import { me } from '../data/api.ts';
import { useAsked } from '../data/asked.ts';
import { clock } from '../data/clock.ts';
import { to } from '../data/route.ts';
import { count } from '../data/words.ts';
import { Page } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { Time } from '../parts/Time.tsx';
import { Waiting } from '../parts/Trouble.tsx';

const EVERY = 5000;

/** What people are asked, the oldest first. Nothing is decided here: all of it is shown first. */
export function Inbox() {
  const approvals = useAsked<AllApprovals>('/approvals', EVERY).now.value;
  const canReview = mayAct('review', me.value?.roles ?? []);
  const reviews = useAsked<AllReviews>(canReview ? '/reviews' : null, EVERY).now.value;
  const asked = approvals.data?.approvals ?? [];
  const open = reviews.data?.reviews ?? [];
  return (
    <Page title="Inbox">
      <section aria-labelledby="approvals">
        <h2 id="approvals">Approvals</h2>
        <Waiting asked={approvals} what="approvals" />
        {approvals.data && asked.length === 0 && <p>Nobody waits for an approval.</p>}
        <ul class="cards">
          {asked.map((each) => (
            <Approval key={`${each.session}/${each.id}`} of={each} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="reviews">
        <h2 id="reviews">Reviews</h2>
        {canReview ? (
          <Waiting asked={reviews} what="reviews" />
        ) : (
          <p>To see them takes the role approver or auditor.</p>
        )}
        {reviews.data && open.length === 0 && <p>Nothing waits for a review.</p>}
        <ul class="cards">
          {open.map((each) => (
            <Review key={`${each.session}/${each.id}`} of={each} />
          ))}
        </ul>
      </section>
      <Silent of={[...(approvals.data?.unanswered ?? []), ...(reviews.data?.unanswered ?? [])]} />
    </Page>
  );
}

const Approval = ({ of }: { readonly of: SessionApproval }) => (
  <li class="card">
    <h3>
      <a href={to('approvals', of.session, of.id)}>
        <Said text={whatIsAsked(of.subject)} />
      </a>
    </h3>
    <p>
      <Said text={of.why} />
    </p>
    <p>
      Asked <Time at={of.openedAt} /> for <Said text={of.requester} /> in{' '}
      <a href={to('sessions', of.session)}>
        <Said text={of.session} />
      </a>
      ; <Left until={of.expiresAt} />. {of.votes.length} of {count(of.persons, 'person')} approved.
    </p>
  </li>
);

const Review = ({ of }: { readonly of: SessionReview }) => (
  <li class="card">
    <h3>
      <a href={to('reviews', of.session, of.id)}>
        <Said text={`${of.review} review`} />
      </a>
    </h3>
    <p>
      <Said text={of.why} />
    </p>
    <p>
      Asked <Time at={of.openedAt} /> in{' '}
      <a href={to('sessions', of.session)}>
        <Said text={of.session} />
      </a>
      ;{' '}
      {of.isOverdue ? (
        <strong>late</strong>
      ) : (
        <>
          due <Time at={of.dueAt} />
        </>
      )}
      . {of.votes.length} of {count(of.persons, 'person')} did it.
    </p>
  </li>
);

const SOON = 15 * 60_000;

/** How long there is to decide. */
export const Left = ({ until }: { readonly until: string }) => {
  const left = Date.parse(until) - clock.value;
  return left < SOON ? (
    <strong>
      ends <Time at={until} />
    </strong>
  ) : (
    <>
      ends <Time at={until} />
    </>
  );
};

/** Sessions that ask something and did not say what. */
const Silent = ({ of }: { readonly of: readonly Unanswering[] }) =>
  of.length === 0 ? null : (
    <details>
      <summary>{count(of.length, 'session')} did not say what it asks</summary>
      <ul>
        {of.map(({ session, code, message }) => (
          <li key={session}>
            <Said text={`${session}: ${code}: ${message}`} />
          </li>
        ))}
      </ul>
    </details>
  );
