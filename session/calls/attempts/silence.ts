import { type AttemptOutcome, type Intent, isRepeatable } from '../../../protocol/calls/call.ts';
import { type WorkerIdentity } from '../../../protocol/workers/worker.ts';
import type { SendingMark } from '../../../protocol/calls/marks.ts';
import { type Binding, holderOf } from '../../servers/binding.ts';

/** What a worker says of a server that it is asked about; null when nobody answers under its name. */
export type HolderAnswer = { readonly held: boolean; readonly worker: WorkerIdentity } | null;

/** What a worker says of an attempt: its outcome, null where it knows none. */
export interface Recalled {
  readonly outcome: AttemptOutcome | null;
  readonly worker: WorkerIdentity;
}

type NotSent = Extract<AttemptOutcome, { kind: 'not_sent' }>;

/**
 * What it means that nobody took a call that is bound to a worker: it was not sent.
 *
 * @param answer of that worker; undefined where the session had given it up already
 */
export function judgeNotTaken(server: string, binding: Binding, answer: HolderAnswer | undefined): NotSent {
  const { worker } = binding;
  const lost = (message: string) => ({ kind: 'not_sent', code: 'LEASE_LOST', message, leaseLost: true }) as const;
  if (answer === undefined) return lost(`worker ${worker} had given '${server}' up before it took the call`);
  if (answer === null) {
    const silent = lost(`worker ${worker}, which held '${server}', does not answer`);
    return { ...silent, worker: holderOf(binding), workerLost: true };
  }
  if (!answer.held) return { ...lost(`worker ${worker} does not hold '${server}' any more`), worker: answer.worker };
  const message = `worker ${worker}, which holds '${server}', had no slot free for the call`;
  return { kind: 'not_sent', code: 'WORKER_BUSY', message, worker: answer.worker };
}

/**
 * The worker that may know what became of an attempt that fell silent. Temporal can hand a task to a process that does
 * not ask any more: of a worker that gave the server up in order, an attempt without a word was lost on its way there,
 * and that is no death.
 */
export const mayKnow = (
  mark: SendingMark | null,
  holder: { readonly identity: WorkerIdentity; readonly isHeld: boolean } | null,
): WorkerIdentity | null => mark?.worker ?? (holder?.isHeld ? holder.identity : null);

interface Silence {
  readonly intent: Intent;
  /** What its last heartbeat said. */
  readonly mark: SendingMark | null;
  /** The worker that was asked. */
  readonly ran: WorkerIdentity | null;
  readonly isBound: boolean;
  readonly recalled: Recalled | null;
}

/** What it means that the worker of an attempt fell silent. */
export function judgeSilence({ intent, mark, ran, isBound, recalled }: Silence): AttemptOutcome {
  const isSame = recalled !== null && recalled.worker.boot === ran?.boot;
  if (recalled?.outcome && !isGone(recalled.outcome, recalled.worker)) {
    // The same process answers when Temporal lost sight of it, and the next one when it drained before it could report.
    const lives = isSame || recalled.worker.afterDrain;
    return lives ? recalled.outcome : { ...recalled.outcome, workerLost: true };
  }
  const held = intent.continues?.held;
  const lost = ran ?? (held ? { ...held.worker, afterDrain: false } : null);
  const undo = mark?.sending && mark.undo ? { undo: mark.undo } : {};
  const worker = workerIn(lost, {
    isOnItsWay: isBound && ran === null,
    answers: isBound && isSame ? recalled.worker : null,
  });
  const who = lost ? `worker ${lost.name}` : 'the worker';
  const code = 'WORKER_LOST';
  if (held) {
    const message = `${who} was lost, and with it the call in which the server waited for a response.`;
    return { kind: 'unknown', code, message, ...worker, ...undo };
  }
  if (mark?.sending || isRepeatable(intent.effect)) {
    const message = `${who} was lost while the call was, or may have been, sent.`;
    return { kind: 'unknown', code, message, ...worker, ...undo };
  }
  return { kind: 'not_sent', code, message: `${who} was lost before it sent the call.`, ...worker, ...undo };
}

/** Who ran an attempt, and whether that one is gone. */
function workerIn(
  lost: WorkerIdentity | null,
  { isOnItsWay, answers }: { readonly isOnItsWay: boolean; readonly answers: WorkerIdentity | null },
): Pick<AttemptOutcome, 'worker' | 'workerLost'> {
  if (isOnItsWay) return {};
  if (answers) return { worker: answers };
  return { workerLost: true, ...(lost ? { worker: lost } : {}) };
}

/** A question in a call that the worker held open, and the worker that answers is the next one under its name. */
export const isGone = (outcome: AttemptOutcome, { boot }: WorkerIdentity): boolean =>
  outcome.kind === 'input_required' && outcome.asks.held !== undefined && outcome.asks.held.worker.boot !== boot;
