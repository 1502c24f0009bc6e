import { CUSTODY } from '../../protocol/by.ts';
import { firstTextOf } from '../../protocol/calls/result.ts';
import type { UndoEntry } from '../../protocol/calls/undo.ts';
import type { EndedCall } from '../calls/state.ts';
import { queuedCall } from '../calls/take.ts';
import { termsOf } from '../calls/terms.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';

/** Id of the call that undoes a call: a new one in each rollback, since the one before may have failed. */
export const undoCallId = ({ rollbacks }: Session, { n }: UndoEntry): string => `undo/${rollbacks}/${n}`;

/** Undoes one effect, or says why it cannot be undone. */
export function step(session: Session, entry: UndoEntry, now: number): readonly Event[] {
  const { n, undo: how, server } = entry;
  const what = `${server}.${entry.tool} (${entry.callId})`;
  if ('impossible' in how) return notUndone(n, n, what, how.impossible);
  const callId = undoCallId(session, entry);
  const tool = `${server}.${how.tool}`;
  if (session.open.some((call) => call.callId === callId)) {
    return notUndone(n, n, what, `whether ${tool} has undone it is in doubt until the call ${callId} is resolved`);
  }
  const ended = session.ended.findLast((call) => call.callId === callId);
  if (ended) return notUndone(n, n, what, `${tool} ${whyNot(ended)}; mend that and roll back again`);
  const known = termsOf(session, { server, tool: how.tool })?.effect ?? 'irreversible';
  const call = queuedCall(
    {
      callId,
      server,
      tool: how.tool,
      args: 'call' in how ? how.call.args : {},
      digest: '',
      bytes: 0,
      effect: how.checked ? 'idempotent' : known,
      actor: CUSTODY,
      undo: how,
      compensates: n,
    },
    now,
  );
  return [{ type: 'callAccepted', call }];
}

export const notUndone = (n: number, downTo: number, what: string, why: string): readonly Event[] => [
  { type: 'notUndone', n, downTo, remains: { what, why } },
];

function whyNot({ outcome, answer }: EndedCall): string {
  if (answer?.error) return `ended as ${outcome} (${answer.error.code}: ${answer.error.message})`;
  const text = firstTextOf(answer?.result);
  return `ended as ${outcome}${text === undefined ? '' : ` (${text.slice(0, 300)})`}`;
}
