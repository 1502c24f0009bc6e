import { byteLength } from '../../protocol/values/digest.ts';
import type { Event } from '../events.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { OpenCall } from '../calls/state.ts';
import type { Session } from '../session.ts';

/** What an open call can still grow by: the trouble of a lost attempt. */
const TROUBLE = 1024;
/** What stays of a call that ended when its place in the ledger is given up: its id among the older ones. */
const OLDER_ID = 8;
/** What a session derives from an event: a digest, a count, a key. */
const DERIVED = 128;
/** What comes back with a checkpoint: the state that an agent had saved by then, or its reference. */
const RESTORED = LIMITS.inlineStateBytes + 1024;

const bytesOf = (value: unknown): number => byteLength(JSON.stringify(value));

/** Bytes of JSON that a character takes at most, as an escape. */
const ESCAPE = 6;
/** The names of all its fields, and its numbers. */
const FIELDS = 512;

/** At most so many bytes does a call take that is taken in: cheaper than to write it down. */
function gainOfCall(call: OpenCall): number {
  const { callId, server, tool, actor, connection = '', traceparent = '', bytes, undo, grant } = call;
  // The actor may be a new one, and is kept then.
  const names = callId.length + server.length + tool.length + 2 * actor.length + connection.length + traceparent.length;
  return bytes + ESCAPE * names + FIELDS + (undo ? bytesOf(undo) : 0) + (grant ? bytesOf(grant) : 0);
}

/** Bytes that an open call takes, or may come to take. */
export const weightOfCall = (call: OpenCall): number => bytesOf(call) + TROUBLE;

/**
 * Bytes that a session carries into its next run whatever it leaves behind: all but the ledger of ended calls, and
 * the part of the undo log that goes into pages outside history. Costs some milliseconds; `Session.weight` is never
 * below it, and costs nothing.
 */
export function weigh(session: Omit<Session, 'weight'>): number {
  const { undo, ended, open } = session;
  const rest = { ...withoutPage(session), weight: 0, ended: [], undo: { ...undo, recent: [] } };
  return (
    bytesOf(rest) +
    OLDER_ID * ended.length +
    TROUBLE * open.length +
    Math.min(bytesOf(undo.recent), LIMITS.carriedUndoBytes)
  );
}

/** A page of the undo log can be read again. */
export const withoutPage = <S extends Pick<Session, 'rollback'>>(session: S): S =>
  session.rollback?.page ? { ...session, rollback: { ...session.rollback, page: null } } : session;

/** At most so many bytes does an event add to what is carried: what is new in a session stood in an event. */
export function gain(event: Event): number {
  switch (event.type) {
    case 'callAccepted':
      return gainOfCall(event.call) + TROUBLE;
    case 'attemptStarted':
      return DERIVED + (event.reserved ? DERIVED : 0);
    case 'callEnded':
      return DERIVED;
    case 'rollbackEnded':
      return bytesOf(event) + DERIVED + RESTORED;
    default:
      return bytesOf(event) + DERIVED;
  }
}
