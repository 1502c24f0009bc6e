import type { Session } from './session.ts';
import { newSession } from './session.ts';

/** A session that an earlier version of this code carried over: what that version did not know yet is as in a new session. */
export const upgrade = (carried: Session): Session => ({ ...newSession(carried.id, carried.spec, carried.startedAt), ...carried });
