import { useSignal } from '@preact/signals';
import type { Completeness } from '../../../audit/check/check.ts';
import type { Sealed, Sealing } from '../../../client/index.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { me } from '../../data/api.ts';
import { useAsked } from '../../data/asked.ts';
import { part } from '../../data/twin.ts';
import { count } from '../../data/words.ts';
import { Facts } from '../../parts/Facts.tsx';
import { Block, Said } from '../../parts/Said.tsx';
import { Time } from '../../parts/Time.tsx';
import { Waiting } from '../../parts/Trouble.tsx';
import { Checks } from './Checks.tsx';

/** Milliseconds between two looks at how far a session is sealed. */
const EVERY = 30_000;
const FORMATS = ['html', 'md', 'csv', 'json'] as const;

type State = Partial<Sealing> & { readonly isKept: boolean };

/** How far a session is sealed, whether its history is whole, and reports of it: for those who may read records. */
export function Evidence({ id }: { readonly id: string }) {
  const { roles = [] } = me.value ?? {};
  const mayRead = roles.includes('auditor') || roles.includes('operator');
  const of = `/sessions/${part(id)}`;
  const state = useAsked<State>(mayRead ? `${of}/evidence` : null, EVERY).now.value;
  const isChecked = useSignal(false);
  const check = useAsked<Completeness>(isChecked.value ? `${of}/evidence/check` : null);
  if (!mayRead) return null;
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      <Waiting asked={state} what="how far it is sealed" />
      {state.data && <Seals of={state.data} />}
      {roles.includes('auditor') && (
        <p>
          <button type="button" onClick={() => (isChecked.value ? check.again() : (isChecked.value = true))}>
            {isChecked.value ? 'Check again' : 'Check that its history is whole'}
          </button>
        </p>
      )}
      {isChecked.value && <Waiting asked={check.now.value} what="each event of its history" />}
      {check.now.value.data && <Checks of={check.now.value.data} />}
      <h3>Reports</h3>
      <ul>
        {REPORTS.map((kind) => (
          <li key={kind}>
            {kind}:{' '}
            {FORMATS.map((format) => (
              <a key={format} class="format" href={`/api/v1${of}/reports/${kind}?format=${format}`} target="_blank">
                {format}
              </a>
            ))}
          </li>
        ))}
      </ul>
      {state.data?.isKept && (
        <details>
          <summary>The sealed bundle, and its verification by whoever trusts nobody here</summary>
          <Block label="On the command line" text={`custody audit seal ${id} --out bundle\ncustody verify bundle`} />
        </details>
      )}
    </section>
  );
}

function Seals({ of: { isKept, sealed, unsealed } }: { readonly of: State }) {
  if (!isKept) return <p>Nobody seals the sessions of its task queue: custody.yaml has no evidence.</p>;
  if (!sealed) return <p>{unsealed ? <Said text={unsealed.message} /> : 'Nothing of it is sealed yet.'}</p>;
  return (
    <Facts
      of={[
        ['Sealed', `${count(sealed.size, 'record')}${sealed.isWhole ? ', all of it' : ', and it goes on'}`],
        ['Root', sealed.root !== '' && <code>{sealed.root}</code>],
        ['Looked at', sealed.at > 0 && <Time at={new Date(sealed.at).toISOString()} />],
        ['Not sealed', <WhyNot sealed={sealed} message={unsealed?.message} />],
      ]}
    />
  );
}

function WhyNot({ sealed, message }: { readonly sealed: Sealed; readonly message: string | undefined }) {
  const why = message ?? sealed.failing?.message ?? sealed.unlisted?.message;
  return why === undefined ? <>nothing that is known</> : <Said text={why} />;
}
