import { clock, short } from '../data/clock.ts';
import { filter, here } from '../data/route.ts';
import { type Axis, axisOf, type Phase, type Row, rowsOf } from '../data/timeline.ts';
import { byWhom, count } from '../data/words.ts';
import type { Log } from '../data/events.ts';
import { Block, json, Said } from '../parts/Said.tsx';
import { At } from '../parts/Time.tsx';

/** Rows that are drawn; the last ones, as more are no help to anybody. */
const MOST = 300;
const PHASES = { tool: 'at its server', people: 'waiting for people', wait: 'waiting, or looked at by rules' } as const;

/** One row a call, on an axis whose idle times are folded. */
export function Timeline({ log }: { readonly log: Log }) {
  const { search } = here.value;
  const wanted = search.get('text')?.toLowerCase() ?? '';
  const only = search.get('outcome') ?? '';
  const all = rowsOf(log.entries);
  const fits = all.filter(
    ({ name, callId, outcome, entries }) =>
      (only === '' || (outcome ?? 'open') === only) &&
      (wanted === '' || [name, callId, ...entries.map(({ text }) => text)].some((each) => includes(each, wanted))),
  );
  const rows = fits.slice(-MOST);
  const now = clock.value;
  const axis = axisOf(rows.flatMap(({ phases }) => phases.map(({ from, until }) => ({ from, until: until ?? now }))));
  const outcomes = [...new Set(all.map(({ outcome }) => outcome ?? 'open'))].toSorted();
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Calls</h2>
      <form class="filters" role="search" aria-label="Filter calls" onSubmit={(event) => event.preventDefault()}>
        <label>
          Text
          <input value={search.get('text') ?? ''} onInput={(event) => filter({ text: event.currentTarget.value })} />
        </label>
        <label>
          Outcome
          <select value={only} onChange={(event) => filter({ outcome: event.currentTarget.value })}>
            <option value="">any</option>
            {outcomes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </form>
      <p class="legend">
        {count(fits.length, 'call')}
        {fits.length > rows.length && `, the last ${rows.length} shown`}.{' '}
        {Object.entries(PHASES).map(([kind, text]) => (
          <span key={kind}>
            <i class={`swatch ${kind}`} aria-hidden="true" /> {text}{' '}
          </span>
        ))}
        {axis.folds.length > 0 && `${count(axis.folds.length, 'idle time')} folded: ${folded(axis)}.`}
      </p>
      <ol class="timeline">
        {rows.map((row) => (
          <Call key={row.callId} of={row} axis={axis} now={now} />
        ))}
      </ol>
    </section>
  );
}

const includes = (text: string, wanted: string): boolean => text.toLowerCase().includes(wanted);

const folded = ({ folds }: Axis): string =>
  folds
    .map(({ ms }) => short(ms))
    .slice(0, 5)
    .join(', ');

const lengthOf = (phases: readonly Phase[], kind: Phase['kind'], now: number): number =>
  phases.filter((each) => each.kind === kind).reduce((sum, { from, until }) => sum + (until ?? now) - from, 0);

const Call = ({ of, axis, now }: { readonly of: Row; readonly axis: Axis; readonly now: number }) => {
  const { callId, name, from, phases, outcome, attempts, entries } = of;
  const tool = lengthOf(phases, 'tool', now);
  const people = lengthOf(phases, 'people', now);
  const words = [
    outcome ?? 'open',
    ...(tool > 0 ? [`${short(tool)} at its server`] : []),
    ...(people > 0 ? [`${short(people)} waiting for people`] : []),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ].join(', ');
  return (
    <li>
      <details>
        <summary>
          <At at={new Date(from).toISOString()} />{' '}
          <span class="name">
            <Said text={name} />
          </span>{' '}
          <span class={`outcome outcome-${(outcome ?? 'open').replaceAll(/[^a-z]/g, '-')}`}>{words}</span>
          <svg class="lane" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
            {phases.map(({ kind, from: begin, until }) => {
              const x = axis.at(begin) * 1000;
              return (
                <rect
                  key={`${kind}${begin}`}
                  class={kind}
                  x={x}
                  y={1}
                  width={Math.max(3, axis.at(until ?? now) * 1000 - x)}
                  height={10}
                />
              );
            })}
            {axis.folds.map(({ at }) => (
              <line key={at} class="fold" x1={at * 1000} x2={at * 1000} y1={0} y2={12} />
            ))}
          </svg>
        </summary>
        <p>
          Call <code>{<Said text={callId} />}</code>
        </p>
        <ol class="log">
          {entries.map(({ at, kind, text, by, standing, record, eventId, runId, data }) => (
            <li key={`${runId}/${eventId}/${kind}`}>
              <At at={at} /> <strong>{kind}</strong> <Said text={text} />{' '}
              <small>
                {by && <Said text={byWhom(by, standing)} />} event {eventId} of run {runId.slice(0, 8)}
                {record !== null && `, record ${record}`}
              </small>
              {data !== undefined && <Block label={`Data of the ${kind}`} text={json(data)} />}
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
};
