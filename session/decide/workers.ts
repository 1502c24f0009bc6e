import type { WorkerIdentity } from '../call.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { CUSTODY, move } from './types.ts';

/**
 * A worker answered. A new boot under a name already seen is a restart, unless the boot before it drained; a new name is
 * none: two workers alternate (D7). A restart whose loss is on record already is not counted again.
 */
export function noteWorker(session: Session, worker: WorkerIdentity, callId: string, now: number): readonly Event[] {
  const known = session.workers[worker.name];
  if (known === worker.boot) return [];
  const isNew = known === undefined || worker.afterDrain || known.startsWith('lost ') || session.lostUnseen;
  return isNew ? [{ type: 'workerSeen', worker }] : restarted(session, worker, false, callId, now);
}

/** An attempt was lost with its worker. Several attempts lost with one boot are one restart. */
export function noteRestart(session: Session, worker: WorkerIdentity | null, callId: string, now: number): readonly Event[] {
  const counted = worker ? session.workers[worker.name] === `lost ${worker.boot}` : session.lostUnseen;
  return counted ? [] : restarted(session, worker, true, callId, now);
}

/** Records a restart and obeys `onRestart` (L6). */
function restarted(session: Session, worker: WorkerIdentity | null, lost: boolean, callId: string, now: number): readonly Event[] {
  const { state, governance } = session;
  const text = `worker ${worker?.name ?? '(unknown)'} was lost${lost ? ` with an attempt of ${callId} under way` : ' and started again'}`;
  const events: Event[] = [{ type: 'restarted', worker, lost, callId }];
  if (!governance) return events;
  const { restore, audit, notify, compliance } = governance.onRestart;
  if (audit) events.push({ type: 'noted', kind: 'audit', text });
  if (notify) events.push({ type: 'noted', kind: 'notify', text });
  if (compliance && !session.duties.some((duty) => duty.kind === 'restart')) events.push({ type: 'dutyOpened', duty: { kind: 'restart', since: now } });
  if (!restore && state.name === 'RUNNING') events.push(move(state, { name: 'PAUSED', cause: 'restart', reason: text, by: CUSTODY, since: now }, CUSTODY, text));
  return events;
}
