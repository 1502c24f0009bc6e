import type { SessionView } from '../../client/index.ts';
import { mayAct } from '../../protocol/identity/roles.ts';
import { me } from '../data/api.ts';
import { resolveOf } from '../data/commands.ts';
import { Table } from '../parts/Facts.tsx';
import { Said } from '../parts/Said.tsx';
import { Give } from './Commands.tsx';

const PHASES = {
  queued: 'waits for its turn',
  running: 'is at its server',
  awaiting_approval: 'waits for an approval',
  awaiting_input: 'waits for an answer to its server',
  in_doubt: 'is in doubt: nobody knows whether it took effect',
} as const;

/** Calls that have no answer yet, and what to do about those in doubt. */
export function OpenCalls({ of, onDone }: { readonly of: SessionView; readonly onDone: () => void }) {
  if (of.openCalls.length === 0) return null;
  const canResolve = mayAct('resolve', me.value?.roles ?? []);
  return (
    <section aria-labelledby="open">
      <h2 id="open">Calls without an answer</h2>
      <Table caption="Open calls" head={['Call', 'Where it is', 'By', 'Why']}>
        {of.openCalls.map(({ callId, server, tool, phase, actor, trouble, asks, progress }) => (
          <tr key={callId}>
            <th scope="row">
              <Said text={`${server}.${tool}`} />
              <small>
                <Said text={callId} />
              </small>
            </th>
            <td>
              {PHASES[phase]}
              {progress?.message !== undefined && <Said text={`: ${progress.message}`} />}
            </td>
            <td>
              <Said text={actor} />
            </td>
            <td>
              {trouble && <Said text={`${trouble.code}: ${trouble.message}`} />}
              {asks?.map(({ key, message }) => (
                <p key={key}>
                  The server asks: <Said text={message} />
                </p>
              ))}
              {phase === 'in_doubt' && canResolve && (
                <Give command={resolveOf(callId)} session={of.id} onDone={onDone} />
              )}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
