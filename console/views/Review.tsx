import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Accepted, ReviewView, SessionView } from '../../client/index.ts';
import { mayAct } from '../../protocol/identity/roles.ts';
import { ask, me, Refused } from '../data/api.ts';
import { useAsked } from '../data/asked.ts';
import { to } from '../data/route.ts';
import { part } from '../data/twin.ts';
import { Facts } from '../parts/Facts.tsx';
import { Page } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { Time } from '../parts/Time.tsx';
import { Trouble, Waiting } from '../parts/Trouble.tsx';
import { Twins } from '../parts/Twins.tsx';

const EVERY = 5000;

/** A review that people are asked to do: what rules found, and what a person says. */
export function Review({ session, id }: { readonly session: string; readonly id: string }) {
  const { now, again } = useAsked<SessionView>(`/sessions/${part(session)}`, EVERY);
  const { data } = now.value;
  const open = data?.reviews?.open.find((each) => each.id === id);
  const done = data?.reviews?.done.findLast((each) => each.approval === id);
  return (
    <Page title={`Review ${id} of ${session}`} heading={<Said text={`${open?.review ?? ''} review ${id}`.trim()} />}>
      <p>
        Of session{' '}
        <a href={to('sessions', session)}>
          <Said text={session} />
        </a>
      </p>
      <Waiting asked={now.value} what="the review" />
      {open && <Shown of={open} />}
      {open && <Do of={open} session={session} onDone={again} />}
      {done && (
        <p class="notice" role="status">
          Done by <Said text={done.by} /> <Time at={done.at} />: {done.verdict}.{' '}
          <Said text={done.said.map(({ actor, text }) => `${actor}: ${text}`).join('; ')} />
        </p>
      )}
      {data && !open && !done && <p class="notice">It is not asked any more.</p>}
    </Page>
  );
}

const Shown = ({ of }: { readonly of: ReviewView }) => (
  <>
    <Facts
      of={[
        ['Why', <Said text={of.why} />],
        ['Causes', of.causes.length > 0 && of.causes.join(', ')],
        ['Asked', <Time at={of.openedAt} />],
        ['Due', of.isOverdue ? <strong>late</strong> : <Time at={of.dueAt} />],
        ['Done', `${of.votes.length} of ${of.persons}`],
        ['Asked by', <Said text={`${of.requester} (${of.standing}), who cannot do it`} />],
      ]}
    />
    <h2>What rules found</h2>
    {of.findings.length === 0 ? (
      <p>Nothing.</p>
    ) : (
      <ul>
        {of.findings.map(({ rule, text }, index) => (
          <li key={index}>
            <Said text={`${rule}: ${text}`} />
          </li>
        ))}
      </ul>
    )}
    {of.votes.map(({ actor, finding, at }) => (
      <p key={actor}>
        <Said text={actor} /> <Time at={at} />: <Said text={finding} />
      </p>
    ))}
  </>
);

function Do({
  of,
  session,
  onDone,
}: {
  readonly of: ReviewView;
  readonly session: string;
  readonly onDone: () => void;
}) {
  const finding = useSignal('');
  const error = useSignal<Refused | null>(null);
  const key = useRef<string>(crypto.randomUUID());
  const path = `/sessions/${part(session)}/reviews/${part(of.id)}`;
  if (!mayAct('review', me.value?.roles ?? []))
    return <p class="notice">To do it takes the role approver or auditor.</p>;
  const give = async (verdict: 'passed' | 'objection'): Promise<void> => {
    error.value = null;
    try {
      await ask<Accepted>(path, { body: { verdict, finding: finding.value.trim() }, key: key.current });
    } catch (problem) {
      error.value = problem as Refused;
    }
    key.current = crypto.randomUUID();
    onDone();
  };
  return (
    <section class="decide" aria-labelledby="do">
      <h2 id="do">What you found</h2>
      <label for="finding">On record</label>
      <textarea
        id="finding"
        rows={3}
        value={finding.value}
        onInput={(event) => (finding.value = event.currentTarget.value)}
      />
      {error.value && <Trouble error={error.value} />}
      <p class="buttons">
        <button type="button" class="danger" onClick={() => void give('objection')}>
          Object
        </button>
        <button type="button" class="main" onClick={() => void give('passed')}>
          Nothing speaks against it
        </button>
      </p>
      <Twins
        of={{
          cli: ['reviews', 'done', `${session}/${of.id}`, '--finding', finding.value],
          path,
          body: { verdict: 'passed', finding: finding.value },
        }}
      />
    </section>
  );
}
