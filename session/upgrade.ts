import { countOlder, packOlder } from './capacity/olderIds.ts';
import type { EndedCall, Session } from './session.ts';
import { newSession } from './session.ts';
import { EMPTY_LOG, type UndoLog } from './undo/log.ts';
import type { UndoEntry } from '../protocol/undo.ts';
import { weigh } from './capacity/weight.ts';

/** What an earlier version of this code may carry, where its form was another. */
export type AnyVersion = Omit<Session, 'older' | 'weight'> & {
  readonly weight?: number;
  readonly older: Session['older'] | readonly string[];
};

/**
 * A session that an earlier version of this code carried over: what that version did not know yet is as in a new
 * session.
 */
export function upgrade(carried: AnyVersion): Session {
  const older = packOlder(carried.older);
  const undo = (carried as Partial<Session>).undo ?? logOf(carried, countOlder(older));
  const session = { ...newSession(carried.id, carried.spec, carried.startedAt), ...carried, older, undo };
  return { ...session, weight: carried.weight ?? weigh(session) };
}

/** What a session did before it kept an undo log: named by a rollback, and not undone. */
function logOf({ ended }: AnyVersion, older: number): UndoLog {
  const known = ended.filter(hadEffect).map(({ callId, server, tool }) => ({ callId, server, tool }));
  const all =
    older > 0 ? [{ callId: 'ids no longer kept', server: 'any', tool: `up to ${older} older calls` }, ...known] : known;
  const undo = { impossible: 'it was made before this session kept how to undo its calls' };
  return {
    ...EMPTY_LOG,
    last: all.length,
    recent: all.map((call, index): UndoEntry => ({ n: index + 1, ...call, at: 0, undo })),
  };
}

const hadEffect = ({ effect, outcome }: EndedCall): boolean =>
  effect !== 'read-only' && (outcome === 'succeeded' || outcome === 'tool_error');
