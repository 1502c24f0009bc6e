import type { ApprovalDetails } from '../../client/index.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import { whatIsAsked } from '../../session/approvals/subject.ts';
import { useAsked } from '../data/asked.ts';
import { to } from '../data/route.ts';
import { part } from '../data/twin.ts';
import { EFFECTS } from '../data/words.ts';
import { Changes } from '../parts/Changes.tsx';
import { Facts } from '../parts/Facts.tsx';
import { Page } from '../parts/Page.tsx';
import { Block, json, Said } from '../parts/Said.tsx';
import { Time } from '../parts/Time.tsx';
import { Trouble, Waiting } from '../parts/Trouble.tsx';
import { Decide } from './Decide.tsx';
import { Fate } from './Fate.tsx';
import { Left } from './Inbox.tsx';
import { Plan } from './Plan.tsx';

const EVERY = 5000;

/** All that should be looked at before somebody decides, and what became of it. */
export function Approval({ session, id }: { readonly session: string; readonly id: string }) {
  const path = `/sessions/${part(session)}/approvals/${part(id)}`;
  const { now, again } = useAsked<ApprovalDetails>(path, EVERY);
  const { data, error } = now.value;
  const isOver = error?.code === 'APPROVAL_ENDED';
  const title = data ? whatIsAsked(data.subject) : id;
  return (
    <Page title={`Approval ${title}`} heading={<Said text={title} />}>
      <p>
        {id} of session{' '}
        <a href={to('sessions', session)}>
          <Said text={session} />
        </a>
      </p>
      {isOver ? (
        <p class="notice" role="status">
          <Said text={error.message} />
        </p>
      ) : data && error ? (
        <Trouble error={error} />
      ) : (
        <Waiting asked={now.value} what="the approval" />
      )}
      {data && <Shown of={data} />}
      {data && !isOver && <Decide of={data} path={path} onDone={again} />}
      {isOver && data?.subject.kind === 'call' && <Fate session={session} callId={data.subject.callId} />}
    </Page>
  );
}

const EXPIRES = {
  call: 'then it is denied, and whoever made the call is told',
  command: 'then nothing happens, and it has to be asked for again',
} as const;

function Shown({ of }: { readonly of: ApprovalDetails }) {
  const { call, subject, rules, policy, rollback } = of;
  const args = call && !('ref' in call.args) ? (call.args as JsonObject) : undefined;
  return (
    <>
      <Facts
        of={[
          ['Wanted by', <Said text={`${of.requester} (${of.standing}), who cannot approve it`} />],
          ['Why', <Said text={of.why} />],
          ['Asked', <Time at={of.openedAt} />],
          [
            'Ends',
            <>
              <Left until={of.expiresAt} />: {EXPIRES[subject.kind]}
            </>,
          ],
          ['Approved', `${of.votes.length} of ${of.persons}`],
          ['Effect', call && EFFECTS[call.effect]],
          ['Tool', subject.kind === 'call' && <Said text={`${subject.server}.${subject.tool}`} />],
          ['It says of itself', call?.description && <Said text={call.description} />],
          ['Reason', subject.kind === 'command' && <Said text={subject.reason} />],
          ['Rules', rules.length > 0 && <Said text={rules.join(', ')} />],
          ['Digest', <code>{of.digest}</code>],
        ]}
      />
      {of.votes.length > 0 && (
        <ul>
          {of.votes.map(({ actor, standing, reason, at }) => (
            <li key={actor}>
              <Said text={actor} /> ({standing}) approved <Time at={at} />: <Said text={reason} />
            </li>
          ))}
        </ul>
      )}
      {call && (
        <section aria-labelledby="arguments">
          <h2 id="arguments">Arguments</h2>
          <Block label="Arguments" text={json(call.args)} />
        </section>
      )}
      {call?.before && args && (
        <section aria-labelledby="changes">
          <h2 id="changes">What would change</h2>
          <Changes before={call.before} args={args} />
        </section>
      )}
      {rollback && <Plan of={rollback} />}
      {policy && (
        <details>
          <summary>The rules in full</summary>
          {policy.files.map(({ name, text }) => (
            <Block key={name} label={`Rules in ${name}`} text={`// ${name}\n${text}`} />
          ))}
        </details>
      )}
    </>
  );
}
