import type { CallDetails } from '../../client/index.ts';
import { useAsked } from '../data/asked.ts';
import { part } from '../data/twin.ts';
import { At } from '../parts/Time.tsx';
import { Block, json, Said } from '../parts/Said.tsx';
import { Waiting } from '../parts/Trouble.tsx';

const EVERY = 3000;

/** What became of a call, from its history, and its answer. */
export function Fate({ session, callId }: { readonly session: string; readonly callId: string }) {
  const asked = useAsked<CallDetails>(`/sessions/${part(session)}/calls/${part(callId)}`, EVERY).now.value;
  const { data } = asked;
  return (
    <section aria-labelledby="fate">
      <h2 id="fate">What became of it</h2>
      <Waiting asked={asked} what="the call" />
      {data && (
        <>
          <ol class="log">
            {data.entries.map(({ at, kind, text, eventId, runId, record }) => (
              <li key={`${runId}/${eventId}/${record ?? kind}`}>
                <At at={at} /> <strong>{kind}</strong> <Said text={text} />
              </li>
            ))}
          </ol>
          {data.answer ? <Block label="Answer" text={json(data.answer)} /> : <p>It has no answer yet.</p>}
        </>
      )}
    </section>
  );
}
