import type { SessionSummary } from '../../client/index.ts';
import { STATE_NAMES } from '../../protocol/states.ts';
import { clock, span } from '../data/clock.ts';
import { filter, here, to } from '../data/route.ts';
import { useAsked } from '../data/asked.ts';
import { causeIn, count, NEEDS, stateIn } from '../data/words.ts';
import { Table } from '../parts/Facts.tsx';
import { Page } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { Time } from '../parts/Time.tsx';
import { Waiting } from '../parts/Trouble.tsx';
import { PauseAll } from './bulk/PauseAll.tsx';

const EVERY = 10_000;
/** Of the address, those that the API filters by. */
const ASKED = ['state', 'agent', 'profile', 'label'] as const;
const HOUR = 3_600_000;

export interface SessionsAnswer {
  readonly sessions: readonly SessionSummary[];
  readonly next?: string;
}

export function Sessions() {
  const { search } = here.value;
  const query = new URLSearchParams(
    ASKED.flatMap((name) => search.getAll(name).map((value): [string, string] => [name, value])),
  );
  const { now } = useAsked<SessionsAnswer>(`/sessions?${query.toString()}`, EVERY);
  const { data } = now.value;
  const shown = data?.sessions.filter((each) => isWanted(each, search, clock.value)) ?? [];
  return (
    <Page title="Sessions">
      <Filters search={search} />
      <Waiting asked={now.value} what="sessions" />
      {data && (
        <Table
          caption={`${count(shown.length, 'session')}, the newest first`}
          head={['Session', 'State', 'Waits for', 'Agent', 'Started', 'Deadline']}
        >
          {shown.map((each) => (
            <Row key={each.id} of={each} />
          ))}
        </Table>
      )}
      {data?.next && <p>There are more: narrow the list.</p>}
      <PauseAll of={shown} />
    </Page>
  );
}

/** What the list itself says, and so is not asked for again. */
function isWanted({ inDoubt, pending, deadlineAt, id, reason }: SessionSummary, search: URLSearchParams, now: number) {
  const text = search.get('text')?.toLowerCase() ?? '';
  if (search.has('doubt') && inDoubt === 0) return false;
  if (search.has('waits') && pending.length === 0) return false;
  if (search.has('soon') && (deadlineAt === null || Date.parse(deadlineAt) - now > HOUR)) return false;
  return text === '' || `${id} ${reason ?? ''}`.toLowerCase().includes(text);
}

const CHECKS = [
  ['doubt', 'with calls in doubt'],
  ['waits', 'that wait for people'],
  ['soon', 'within an hour of the deadline'],
] as const;

const Filters = ({ search }: { readonly search: URLSearchParams }) => (
  <form class="filters" role="search" aria-label="Filter sessions" onSubmit={(event) => event.preventDefault()}>
    <label>
      State
      <select value={search.get('state') ?? ''} onChange={(event) => filter({ state: event.currentTarget.value })}>
        <option value="">any</option>
        {STATE_NAMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
    {(['agent', 'label', 'text'] as const).map((name) => (
      <label key={name}>
        {{ agent: 'Agent', label: 'Label (name:value)', text: 'Text' }[name]}
        <input
          value={search.get(name) ?? ''}
          spellcheck={false}
          onChange={(event) => filter({ [name]: event.currentTarget.value.trim() })}
        />
      </label>
    ))}
    {CHECKS.map(([name, label]) => (
      <label key={name} class="check">
        <input
          type="checkbox"
          checked={search.has(name)}
          onChange={(event) => filter({ [name]: event.currentTarget.checked ? '1' : undefined })}
        />
        {label}
      </label>
    ))}
  </form>
);

const Row = ({ of }: { readonly of: SessionSummary }) => {
  const { id, state, cause, pending, inDoubt, agent, startedAt, startedBy, deadlineAt, closedAt, reason, labels } = of;
  const isOver = closedAt !== null;
  return (
    <tr>
      <th scope="row">
        <a href={to('sessions', id)}>
          <Said text={id} />
        </a>
        {reason && (
          <small>
            <Said text={reason} />
          </small>
        )}
        {labels.length > 0 && (
          <small>
            <Said text={labels.join(', ')} />
          </small>
        )}
      </th>
      <td>
        <State state={state} /> {cause !== null && <small>because: {<Said text={causeIn(cause)} />}</small>}
      </td>
      <td>
        {pending.map((name) => NEEDS[name] ?? name).join(', ')}
        {inDoubt > 0 && <strong> {count(inDoubt, 'call')} in doubt</strong>}
      </td>
      <td>
        <Said text={agent ?? ''} />
      </td>
      <td>
        <Time at={startedAt} /> <small>by {<Said text={startedBy ?? 'nobody named'} />}</small>
      </td>
      <td>
        {isOver
          ? `ended after ${span(Date.parse(closedAt) - Date.parse(startedAt))}`
          : deadlineAt && <Time at={deadlineAt} />}
      </td>
    </tr>
  );
};

/** A state, in words and by its name. */
export const State = ({ state }: { readonly state: string }) => (
  <span class={`state state-${state.toLowerCase().replaceAll(/[^a-z]/g, '')}`}>
    {stateIn(state)} <small>{state}</small>
  </span>
);
