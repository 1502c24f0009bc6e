import { useSignal } from '@preact/signals';
import type { Accepted, SessionSummary } from '../../../client/index.ts';
import { mayAct } from '../../../protocol/identity/roles.ts';
import { ask, me, type Refused } from '../../data/api.ts';
import { part } from '../../data/twin.ts';
import { count } from '../../data/words.ts';
import { Said } from '../../parts/Said.tsx';

interface Target {
  readonly id: string;
  readonly agent: string | null;
  /** Of the command: a second click is no second command. */
  readonly key: string;
  readonly said?: string;
}

const isRunning = ({ state, closedAt }: SessionSummary): boolean => closedAt === null && state === 'RUNNING';

/** Pauses the sessions of a list that run: the list stands still from when somebody looks at it. */
export function PauseAll({ of }: { readonly of: readonly SessionSummary[] }) {
  const targets = useSignal<readonly Target[]>([]);
  const reason = useSignal('');
  const isBusy = useSignal(false);
  const running = of.filter(isRunning);
  if (!mayAct('pause', me.value?.roles ?? []) || (running.length === 0 && targets.value.length === 0)) return null;
  const look = (isOpen: boolean): void => {
    targets.value = isOpen ? running.map(({ id, agent }) => ({ id, agent, key: crypto.randomUUID() })) : [];
  };
  const pause = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isBusy.value = true;
    for (const target of targets.value) {
      const said = await pauseOne(target, reason.value);
      targets.value = targets.value.map((each) => (each.id === target.id ? { ...each, said } : each));
    }
    isBusy.value = false;
  };
  return (
    <details class="bulk" onToggle={({ currentTarget: { open } }) => look(open)}>
      <summary>Pause those of the list that run</summary>
      <form onSubmit={(event) => void pause(event)}>
        <p>New calls of these wait until somebody resumes them; those under way end.</p>
        <ul>
          {targets.value.map(({ id, agent, said }) => (
            <li key={id}>
              <Said text={id} /> <small>{agent !== null && <Said text={agent} />}</small>{' '}
              {said !== undefined && (
                <strong role="status">
                  <Said text={said} />
                </strong>
              )}
            </li>
          ))}
        </ul>
        <p>
          <label for="bulk-reason">Why, on record in each</label>
          <textarea
            id="bulk-reason"
            required
            rows={2}
            value={reason.value}
            onInput={({ currentTarget: { value } }) => (reason.value = value)}
          />
        </p>
        <button type="submit" class="danger" disabled={isBusy.value || targets.value.length === 0}>
          Pause {count(targets.value.length, 'session')}
        </button>
      </form>
    </details>
  );
}

/** @returns what became of it, in a few words */
const pauseOne = ({ id, key }: Target, reason: string): Promise<string> =>
  ask<Accepted>(`/sessions/${part(id)}/commands/pause`, { body: { reason }, key }).then(
    ({ record }) => `paused, record ${record}`,
    ({ code, message }: Refused) => `${code}: ${message}`,
  );
