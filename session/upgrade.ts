import { packOlder } from './olderIds.ts';
import type { Session } from './session.ts';
import { newSession } from './session.ts';

/** What an earlier version of this code may carry, where its form was another. */
export type AnyVersion = Omit<Session, 'older'> & { readonly older: Session['older'] | readonly string[] };

/** A session that an earlier version of this code carried over: what that version did not know yet is as in a new session. */
export const upgrade = (carried: AnyVersion): Session =>
  ({ ...newSession(carried.id, carried.spec, carried.startedAt), ...carried, older: packOlder(carried.older) });
