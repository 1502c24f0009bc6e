import type { Starter } from '../protocol/session-input.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { weigh } from './capacity/weight.ts';
import { emptySession, type Session } from './session.ts';

/** A session before anything happened to it. @param startedAt epoch milliseconds */
export function newSession(id: string, spec: SessionSpec, startedAt: number, startedBy?: Starter): Session {
  const session = emptySession(id, spec, startedAt, startedBy);
  return { ...session, weight: weigh(session) };
}
