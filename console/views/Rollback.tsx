import { useSignal } from '@preact/signals';
import type { RollbackPreview, SessionView } from '../../client/index.ts';
import { mayAct } from '../../protocol/identity/roles.ts';
import { me } from '../data/api.ts';
import { useAsked } from '../data/asked.ts';
import { forkAt, rollbackTo } from '../data/commands.ts';
import { to } from '../data/route.ts';
import { part } from '../data/twin.ts';
import { Said } from '../parts/Said.tsx';
import { Waiting } from '../parts/Trouble.tsx';
import { Give } from './Commands.tsx';
import { Plan } from './Plan.tsx';

const START = '';

/** What a rollback would do, before it is given; and a fork from the same point instead. */
export function Rollback({ of, onDone }: { readonly of: SessionView; readonly onDone: () => void }) {
  const target = useSignal<string | null>(null);
  const query = target.value === null || target.value === START ? '' : `?to=${part(target.value)}`;
  const path = target.value === null ? null : `/sessions/${part(of.id)}/rollback${query}`;
  const forked = useSignal<string | undefined>(undefined);
  const asked = useAsked<RollbackPreview>(path).now.value;
  const roles = me.value?.roles ?? [];
  if (!mayAct('rollback', roles)) return null;
  return (
    <section aria-labelledby="rollback">
      <h2 id="rollback">Roll back</h2>
      <label for="rollback-to">To which point</label>{' '}
      <select
        id="rollback-to"
        value={target.value ?? 'none'}
        onChange={({ currentTarget: { value } }) => (target.value = value === 'none' ? null : value)}
      >
        <option value="none">choose, to see what it would do</option>
        <option value={START}>the start</option>
        {of.checkpoints.map(({ name, effects }) => (
          <option key={name} value={name}>
            {`${name}, after ${effects} effects`}
          </option>
        ))}
      </select>
      {target.value !== null && (
        <>
          <Waiting asked={asked} what="the plan" />
          {asked.data && (
            <>
              <Plan of={asked.data} />
              <p class="buttons">
                <Give command={rollbackTo(asked.data.to)} session={of.id} onDone={onDone} />
                {asked.data.to !== null && mayAct('fork', roles) && (
                  <Give
                    command={forkAt(asked.data.to)}
                    session={of.id}
                    onDone={(_said, { id }) => (forked.value = id)}
                  />
                )}
              </p>
            </>
          )}
        </>
      )}
      {forked.value !== undefined && (
        <p role="status">
          Forked as <a href={to('sessions', forked.value)}>{forked.value}</a>.
        </p>
      )}
      {of.rollback && (
        <p role="status">
          Under way to <Said text={of.rollback.to ?? 'the start'} />: {of.rollback.undone} undone,{' '}
          {of.rollback.remaining} to go, {of.rollback.left} left.
        </p>
      )}
    </section>
  );
}
