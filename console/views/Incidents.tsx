import { useSignal } from '@preact/signals';
import type { AllIncidents, NoticeView } from '../../client/index.ts';
import { mayAct } from '../../protocol/identity/roles.ts';
import { me } from '../data/api.ts';
import { useAsked } from '../data/asked.ts';
import { closeIncident } from '../data/commands.ts';
import { to } from '../data/route.ts';
import { Table } from '../parts/Facts.tsx';
import { Page } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { Time } from '../parts/Time.tsx';
import { Waiting } from '../parts/Trouble.tsx';
import { Give } from './Commands.tsx';

const EVERY = 15_000;

/** What people have to look at: incidents, what was done past the sessions, and notices that nobody got. */
export function Incidents() {
  const { now, again } = useAsked<AllIncidents>('/incidents', EVERY);
  const notices = useAsked<readonly NoticeView[]>('/notices?failed=true', EVERY).now.value;
  const said = useSignal('');
  const { data } = now.value;
  const canClose = mayAct('closeIncident', me.value?.roles ?? []);
  return (
    <Page title="Incidents">
      <Waiting asked={now.value} what="incidents" />
      <p role="status">{said.value}</p>
      {data && (
        <Table
          caption="Open incidents, the oldest first"
          head={['Incident', 'What happened', 'Done about it', 'Seen', 'To do']}
        >
          {data.incidents.map(({ session, id, what, severity, text, done, times, openedAt }) => (
            <tr key={`${session}/${id}`}>
              <th scope="row">
                <strong>{severity}</strong> {what}
                <small>
                  {id} of{' '}
                  <a href={to('sessions', session)}>
                    <Said text={session} />
                  </a>
                </small>
              </th>
              <td>
                <Said text={text} />
              </td>
              <td>
                <Said text={done} />
              </td>
              <td>
                {times}, first <Time at={openedAt} />
              </td>
              <td>
                {canClose && (
                  <Give
                    command={closeIncident(id)}
                    session={session}
                    onDone={(what) => ((said.value = what), again())}
                  />
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data && data.incidents.length === 0 && <p>None is open.</p>}
      {data && data.inTemporal.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past">Done to sessions in Temporal, past them</h2>
          <ul>
            {data.inTemporal.map(({ n, what, id, by, reason, at }) => (
              <li key={n}>
                <strong>{what}</strong> <Said text={`${id}${by === null ? '' : ` by ${by}`}: ${reason}`} />{' '}
                <Time at={new Date(at).toISOString()} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="notices">
        <h2 id="notices">Notices that failed</h2>
        <Waiting asked={notices} what="notices" />
        {notices.data?.length === 0 && <p>None.</p>}
        <ul>
          {notices.data?.map(({ session, record, kind, to: place, at, attempts, code, why }) => (
            <li key={`${session}/${record}/${place}`}>
              <strong>{kind}</strong> to <Said text={place} /> of <Said text={session} />, <Time at={at} />, tried{' '}
              {attempts} times: <Said text={`${code ?? ''} ${why ?? ''}`} />
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}
