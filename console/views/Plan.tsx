import type { RollbackPreview } from '../../client/index.ts';
import { Time } from '../parts/Time.tsx';
import { Block, json, Said } from '../parts/Said.tsx';
import { count } from '../data/words.ts';

/** What a rollback would do, step by step, in its order. */
export function Plan({ of }: { readonly of: RollbackPreview }) {
  const { to, steps, inDoubt } = of;
  const left = steps.filter(({ undo }) => undo === null);
  return (
    <section aria-labelledby="plan">
      <h3 id="plan">
        Back to <Said text={to ?? 'the start'} />: {count(steps.length - left.length, 'step')}
        {left.length > 0 && `, and ${left.length} that nothing undoes`}
      </h3>
      {steps.length === 0 && <p>There is nothing to undo.</p>}
      <ol class="plan">
        {steps.map(({ callId, server, tool, at, undo, why }) => (
          <li key={callId} class={undo ? undefined : 'stays'}>
            <Said text={`${server}.${tool}`} />{' '}
            <small>
              {<Said text={callId} />}, made <Time at={at} />
            </small>
            {undo ? (
              <>
                {' '}
                is undone by <Said text={undo.tool} />
                <Block label={`Arguments of ${undo.tool}`} text={json(undo.args)} />
              </>
            ) : (
              <>
                {' '}
                <strong>stays</strong>: <Said text={why ?? ''} />
              </>
            )}
          </li>
        ))}
      </ol>
      {inDoubt.length > 0 && (
        <p class="notice">
          In doubt, to be resolved before:{' '}
          <Said text={inDoubt.map(({ callId, name }) => `${name} (${callId})`).join(', ')} />
        </p>
      )}
    </section>
  );
}
