import { useSignal } from '@preact/signals';
import type { SessionView } from '../../client/index.ts';
import { whatIsAsked } from '../../session/approvals/subject.ts';
import { useAsked } from '../data/asked.ts';
import { useLog } from '../data/events.ts';
import { to } from '../data/route.ts';
import { part } from '../data/twin.ts';
import { causeIn, count, usd } from '../data/words.ts';
import { Bar, Facts } from '../parts/Facts.tsx';
import { Page } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { Time } from '../parts/Time.tsx';
import { Waiting } from '../parts/Trouble.tsx';
import { Commands } from './Commands.tsx';
import { Evidence } from './evidence/Evidence.tsx';
import { Left } from './Inbox.tsx';
import { LogView } from './LogView.tsx';
import { OpenCalls } from './OpenCalls.tsx';
import { Rollback } from './Rollback.tsx';
import { State } from './Sessions.tsx';
import { Timeline } from './Timeline.tsx';

/** One session as it is and as it goes on. It is asked for anew when something is on record, and not else. */
export function Session({ id }: { readonly id: string }) {
  const { now, again } = useAsked<SessionView>(`/sessions/${part(id)}`);
  const log = useLog(id, again);
  const said = useSignal('');
  const { data } = now.value;
  return (
    <Page title={`Session ${id}`} heading={<Said text={id} />}>
      <Waiting asked={now.value} what="the session" />
      {data && (
        <>
          <Commands of={data} onDone={(what) => ((said.value = what), again())} />
          <p role="status">{said.value}</p>
          <Overview of={data} />
          <Asked of={data} />
          <OpenCalls of={data} onDone={again} />
        </>
      )}
      <Timeline log={log.value} />
      {data && data.outcome === null && <Rollback of={data} onDone={again} />}
      <Evidence id={id} />
      <LogView log={log.value} />
    </Page>
  );
}

function Overview({ of }: { readonly of: SessionView }) {
  const { state, cause, reason, agent, profile, labels, startedAt, startedBy, deadlineAt, money, used, outcome } = of;
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return (
    <Facts
      of={[
        ['State', <State state={state} />],
        ['Because', cause !== null && causeIn(cause)],
        ['Reason', reason !== null && <Said text={reason} />],
        ['Ended', outcome !== null && `${outcome}${of.code === null ? '' : `, ${of.code}`}`],
        ['Agent', <Said text={`${agent.id} ${agent.version}`} />],
        ['Profile', <Said text={profile} />],
        ['Labels', named.length > 0 && <Said text={named.join(', ')} />],
        ['Started', <Time at={startedAt} />],
        [
          'By',
          startedBy !== null && (
            <Said text={`${startedBy.actor} (${startedBy.standing})${startedBy.reason && `: ${startedBy.reason}`}`} />
          ),
        ],
        ['Deadline', deadlineAt !== null && <Time at={deadlineAt} />],
        ['Spent', money !== null && <Spent of={money} />],
        ['Calls', <Used label="Calls" used={used.calls} most={used.maxCalls} />],
        ['Effects', `${of.effects.made} made, ${of.effects.undone} undone`],
        ['Refused', of.refusals.total > 0 && codesIn(of.refusals.codes)],
        ['Agent lost', of.agentLostAt !== null && <Time at={of.agentLostAt} />],
        [
          'Forked from',
          of.parent !== null && <a href={to('sessions', of.parent.id)}>{<Said text={of.parent.id} />}</a>,
        ],
        [
          'Servers',
          <Said text={of.servers.map(({ name, tools }) => `${name} (${count(tools, 'tool')})`).join(', ')} />,
        ],
      ]}
    />
  );
}

const codesIn = (codes: SessionView['refusals']['codes']): string =>
  Object.entries(codes)
    .map(([code, times]) => `${code} ${times}`)
    .join(', ');

const Used = ({
  label,
  used,
  most,
}: {
  readonly label: string;
  readonly used: number;
  readonly most: number | null;
}) => (most === null ? <>{used}</> : <Bar label={label} used={used} of={most} text={`${used} of ${most}`} />);

const Spent = ({ of: { spent, limit, reserved } }: { readonly of: NonNullable<SessionView['money']> }) => {
  const kept = reserved > 0 ? `, ${usd(reserved)} reserved` : '';
  return limit === null ? (
    <>
      {usd(spent)}, no limit{kept}
    </>
  ) : (
    <Bar label="Spent" used={spent + reserved} of={limit} text={`${usd(spent)} of ${usd(limit)}${kept}`} />
  );
};

/** What people are asked in this session. */
const Asked = ({ of }: { readonly of: SessionView }) => {
  const reviews = of.reviews?.open ?? [];
  const open = of.incidents.filter(({ closed }) => closed === null);
  if (of.approvals.length + reviews.length + open.length === 0) return null;
  return (
    <section aria-labelledby="asked" class="notice">
      <h2 id="asked">It waits for people</h2>
      <ul>
        {of.approvals.map(({ id, subject, expiresAt, votes, persons }) => (
          <li key={id}>
            <a href={to('approvals', of.id, id)}>
              <Said text={`Approve ${whatIsAsked(subject)}`} />
            </a>
            , {votes.length} of {persons}, <Left until={expiresAt} />
          </li>
        ))}
        {reviews.map(({ id, review, dueAt }) => (
          <li key={id}>
            <a href={to('reviews', of.id, id)}>
              <Said text={`${review} review`} />
            </a>
            , due <Time at={dueAt} />
          </li>
        ))}
        {open.map(({ id, severity, text }) => (
          <li key={id}>
            <a href={to('incidents')}>
              Incident {id} ({severity})
            </a>
            : <Said text={text} />
          </li>
        ))}
      </ul>
    </section>
  );
};
