import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import type { Event } from '../events.ts';
import { evolveAll } from '../evolve.ts';
import { callForReview } from '../reviews/causes.ts';
import type { Session } from '../session.ts';
import { pauseItself } from '../decision.ts';

/**
 * A worker answered. A new boot under a name already seen is a restart, unless the boot before it drained; a new name
 * is none: two workers alternate. A restart whose loss is on record already is not counted again, nor is late word
 * from a boot that is gone.
 */
export function noteWorker(
  session: Session,
  worker: WorkerIdentity,
  callId: string | null,
  now: number,
): readonly Event[] {
  const known = Object.hasOwn(session.workers, worker.name) ? session.workers[worker.name] : undefined;
  if (known === worker.boot || session.goneBoots.includes(worker.boot)) return [];
  const isNew = known === undefined || worker.afterDrain || session.goneBoots.includes(known) || session.lostUnseen;
  return isNew ? [{ type: 'workerSeen', worker }] : restarted(session, worker, false, callId, now);
}

/**
 * How long after a loss another may be word of the same one, in milliseconds. Attempts that name no worker are lost at
 * once, some moments apart; those that do only after their worker was asked in vain.
 */
const SAME_LOSS = { unnamed: 10_000, named: 90_000 } as const;

/** Workers answered that were asked to open servers. */
export const noteWorkers = (session: Session, workers: readonly WorkerIdentity[], now: number): readonly Event[] =>
  workers.reduce<readonly Event[]>(
    (events, worker) => [...events, ...noteWorker(evolveAll(session, events), worker, null, now)],
    [],
  );

/**
 * An attempt, or a server that it held (`callId` null), was lost with its worker. All that is lost with one boot is one
 * restart, whether or not each can name it.
 */
export function noteRestart(
  session: Session,
  worker: WorkerIdentity | null,
  callId: string | null,
  now: number,
): readonly Event[] {
  const { goneBoots, lostUnseen, lastLoss } = session;
  const since = lastLoss ? now - lastLoss.at : Number.POSITIVE_INFINITY;
  if (worker === null)
    return lostUnseen || since < SAME_LOSS.unnamed ? [] : restarted(session, null, true, callId, now);
  if (goneBoots.includes(worker.boot)) return [];
  return lastLoss?.unnamed && since < SAME_LOSS.named
    ? [{ type: 'lossNamed', worker }]
    : restarted(session, worker, true, callId, now);
}

/** A restart, recorded and handled. */
function restarted(
  session: Session,
  worker: WorkerIdentity | null,
  lost: boolean,
  callId: string | null,
  now: number,
): readonly Event[] {
  const what = callId === null ? 'a server that it held' : `an attempt of ${callId} under way`;
  const text = `worker ${worker?.name ?? '(unknown)'} was lost ${lost ? `with ${what}` : 'and started again'}`;
  return [{ type: 'restarted', worker, lost, callId, at: now }, ...obeyOnRestart(session, text, now)];
}

/** What the profile says is to follow from a restart. */
export function obeyOnRestart(session: Session, text: string, now: number): readonly Event[] {
  const { state, governance } = session;
  const events: Event[] = [];
  if (!governance) return events;
  const { restore, audit, notify, compliance } = governance.onRestart;
  if (audit) events.push({ type: 'noted', kind: 'audit', text });
  if (notify) events.push({ type: 'noted', kind: 'notify', text });
  if (compliance) events.push(...callForReview(session, 'restart', now));
  if (!restore && state.name === 'RUNNING') events.push(pauseItself(state, 'restart', text, now));
  return events;
}
