import type { Log } from '../data/events.ts';
import { byWhom } from '../data/words.ts';
import { Said } from '../parts/Said.tsx';
import { At } from '../parts/Time.tsx';

/** Entries that are drawn, the last ones. */
const MOST = 500;

/** What happened, in words, as it happens. */
export const LogView = ({ log: { entries, leftOut, isLive } }: { readonly log: Log }) => (
  <section aria-labelledby="log">
    <h2 id="log">
      Log <small>{isLive ? 'live' : 'not connected'}</small>
    </h2>
    <p>
      Entries: {entries.length + leftOut}
      {entries.length > MOST && `, the last ${MOST} shown`}
    </p>
    <ol class="log" reversed>
      {entries
        .slice(-MOST)
        .toReversed()
        .map(({ at, layer, kind, text, by, standing, runId, eventId, record }) => (
          <li key={`${runId}/${eventId}/${record ?? kind}`}>
            <At at={at} /> <strong>{kind}</strong> <Said text={text} />{' '}
            <small>
              {layer}
              {by && <Said text={`, ${byWhom(by, standing)}`} />}
            </small>
          </li>
        ))}
    </ol>
  </section>
);
