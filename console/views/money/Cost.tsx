import type { AllBudgets, Costs, SessionCost } from '../../../client/index.ts';
import { useAsked } from '../../data/asked.ts';
import { filter, here, to } from '../../data/route.ts';
import { count, usd } from '../../data/words.ts';
import { Bar, Table } from '../../parts/Facts.tsx';
import { Page } from '../../parts/Page.tsx';
import { Said } from '../../parts/Said.tsx';
import { Time } from '../../parts/Time.tsx';
import { Waiting } from '../../parts/Trouble.tsx';
import { Plot } from './Plot.tsx';
import { bySession, byTool, spentBy } from './sums.ts';

const FILTERS = ['agent', 'profile'] as const;

/** What sessions cost. Each of them is asked, so this is asked for once, and again where somebody wants it. */
export function Cost() {
  const { search } = here.value;
  const query = new URLSearchParams(FILTERS.flatMap((name) => search.getAll(name).map((value) => [name, value])));
  const { now, again } = useAsked<Costs>(`/costs?${query.toString()}`);
  const budgets = useAsked<AllBudgets>('/budgets').now.value;
  const { data } = now.value;
  const sessions = data?.sessions ?? [];
  const spent = sessions.reduce((sum, { money }) => sum + (money?.spent ?? 0), 0);
  return (
    <Page title="Cost">
      <form class="filters" role="search" aria-label="Filter sessions" onSubmit={(event) => event.preventDefault()}>
        {FILTERS.map((name) => (
          <label key={name}>
            {{ agent: 'Agent', profile: 'Profile' }[name]}
            <input
              value={search.get(name) ?? ''}
              spellcheck={false}
              onChange={(event) => filter({ [name]: event.currentTarget.value.trim() })}
            />
          </label>
        ))}
        <button type="button" onClick={again}>
          Ask again
        </button>
      </form>
      <Waiting asked={now.value} what="what sessions cost" />
      {data && (
        <>
          <p>
            <strong>{usd(spent)}</strong> by {count(sessions.length, 'session')}
            {data.unanswered.length > 0 && `; ${count(data.unanswered.length, 'other')} did not say`}.
          </p>
          <Plot id="by-session" title="By session" parts={['spent', 'reserved', 'free']} sums={bySession(sessions)} />
          <Plot id="by-tool" title="By tool" parts={['spent']} sums={byTool(sessions)} />
          <Plot id="by-agent" title="By agent" parts={['spent']} sums={spentBy(sessions, ({ agent }) => agent.id)} />
          <Plot
            id="by-day"
            title="By the day on which the session began"
            parts={['spent']}
            sums={spentBy(sessions, ({ startedAt }) => startedAt.slice(0, 10))}
          />
          <Rates of={sessions} />
        </>
      )}
      <section aria-labelledby="budgets">
        <h2 id="budgets">Budgets that sessions share</h2>
        <Waiting asked={budgets} what="budgets" />
        {budgets.data?.budgets.length === 0 && <p>No session has drawn on one.</p>}
        <ul>
          {budgets.data?.budgets.map(({ id, limit, spent: gone, leased }) => (
            <li key={id}>
              <Said text={id} />:{' '}
              <Bar
                label={`Budget ${id}`}
                used={gone + leased}
                of={limit}
                text={`${usd(gone)} of ${usd(limit)}, ${usd(leased)} lent to sessions`}
              />
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}

/** How fast it goes, and what delays cost. */
const Rates = ({ of }: { readonly of: readonly SessionCost[] }) => (
  <section aria-labelledby="rates">
    <h2 id="rates">How fast, and what delays cost</h2>
    <Table caption="Sessions" head={['Session', 'An hour', 'Limit reached', 'Delays', 'People']}>
      {of.map(({ id, money }) => {
        if (!money) return null;
        const delays = Object.values(money.delays ?? {});
        const sum = (part: 'waiting' | 'checks' | 'calls' | 'people'): number =>
          delays.reduce((all, each) => all + each[part], 0);
        return (
          <tr key={id}>
            <th scope="row">
              <a href={to('sessions', id)}>
                <Said text={id} />
              </a>
            </th>
            <td class="number">{usd(money.perHour)}</td>
            <td>{money.limitAt === null ? 'never' : <Time at={money.limitAt} />}</td>
            <td class="number">{usd(sum('waiting') + sum('checks') + sum('calls'))}</td>
            <td class="number">{usd(sum('people'))}</td>
          </tr>
        );
      })}
    </Table>
  </section>
);
