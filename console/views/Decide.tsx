import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Accepted, ApprovalDetails } from '../../client/index.ts';
import { ask, me, Refused } from '../data/api.ts';
import { Trouble } from '../parts/Trouble.tsx';
import { Twins } from '../parts/Twins.tsx';

export interface DecideProps {
  readonly of: ApprovalDetails;
  /** Of the approval in the API. */
  readonly path: string;
  readonly onDone: () => void;
}

/** Yes or no. Neither has the focus at first, and Enter in a text does neither. */
export function Decide({ of, path, onDone }: DecideProps) {
  const reason = useSignal('');
  const edited = useSignal<string | null>(null);
  const error = useSignal<Refused | null>(null);
  const said = useSignal('');
  const isBusy = useSignal(false);
  const key = useRef<string>(crypto.randomUUID());
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const give = async (how: 'approve' | 'reject'): Promise<void> => {
    const why = reason.value.trim();
    if (how === 'reject' && why === '') {
      error.value = new Refused('REASON_MISSING', 'A no needs a reason:', 'whoever asked reads it, and acts on it.');
      reasonField.current?.focus();
      return;
    }
    isBusy.value = true;
    error.value = null;
    try {
      const args = edited.value === null ? {} : { args: objectIn(edited.value) };
      const rest = why === '' ? {} : { reason: why };
      const body = how === 'approve' ? { digest: of.digest, ...args, ...rest } : rest;
      await ask<Accepted>(`${path}/${how}`, { body, key: key.current });
      said.value = how === 'approve' ? 'Your yes is on record.' : 'Your no is on record.';
    } catch (problem) {
      error.value = problem as Refused;
    }
    key.current = crypto.randomUUID();
    isBusy.value = false;
    onDone();
  };
  const { call } = of;
  const canEdit = call !== null && !('ref' in call.args);
  if (!me.value?.roles.includes('approver')) return <p class="notice">To decide takes the role approver.</p>;
  return (
    <section aria-labelledby="decide" class="decide">
      <h2 id="decide">Decide</h2>
      <label for="reason">Reason: on record, and a no reaches whoever asked</label>
      <textarea
        id="reason"
        ref={reasonField}
        rows={2}
        value={reason.value}
        onInput={(event) => (reason.value = event.currentTarget.value)}
      />
      {canEdit && (
        <details
          onToggle={(event) => {
            edited.value = event.currentTarget.open ? JSON.stringify(call.args, null, 2) : null;
          }}
        >
          <summary>Approve with other arguments, as a call of its own</summary>
          <label for="edited">Arguments, a JSON object</label>
          <textarea
            id="edited"
            rows={8}
            spellcheck={false}
            value={edited.value ?? ''}
            onInput={(event) => (edited.value = event.currentTarget.value)}
          />
        </details>
      )}
      {error.value && <Trouble error={error.value} />}
      <p class="buttons">
        <button type="button" class="danger" disabled={isBusy.value} onClick={() => void give('reject')}>
          Reject
        </button>
        <button type="button" class="main" disabled={isBusy.value} onClick={() => void give('approve')}>
          {edited.value === null ? 'Approve' : 'Approve with these arguments'}
        </button>
      </p>
      <p role="status">{said.value}</p>
      <Twins
        of={{
          cli: ['approve', `${of.session}/${of.id}`, '--digest', of.digest],
          path: `${path}/approve`,
          body: { digest: of.digest },
        }}
      />
    </section>
  );
}

/** @throws Refused for what is no JSON object */
function objectIn(text: string): object {
  const refused = (why: string) => new Refused('ARGUMENTS_UNREADABLE', why, 'Write a JSON object.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused((error as Error).message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('These are no JSON object.');
  return value;
}
