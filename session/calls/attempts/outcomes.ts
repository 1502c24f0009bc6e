import { type AttemptOutcome, isRepeatable } from '../../../protocol/calls/call.ts';
import type { Refusal } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Undo } from '../../../protocol/calls/undo.ts';
import { accept, type Decision, pauseItself, refuse } from '../../decision.ts';
import type { Event } from '../../events.ts';
import { evolveAll } from '../../evolve.ts';
import type { FactOf } from '../../facts.ts';
import { type OpenCall, isRunning, type RunningCall } from '../state.ts';
import type { Session } from '../../session.ts';
import { asked } from '../asks.ts';
import { needsApproval } from '../../approvals/ask.ts';
import { settled } from '../../money/settle.ts';
import { noticed } from '../../incidents/seen.ts';
import { denied, flagged } from '../../policy/verdicts.ts';
import { effectOf } from '../../undo/effects.ts';
import { ended, giveUp } from '../endings.ts';
import { noteHolderLost, noteLost } from '../../servers/leases.ts';
import { noteRestart, noteWorker } from '../../servers/workers.ts';
import { againUnsent, retryOr } from './retry.ts';

const MAX_TROUBLE = 500;

/** Settles a call by how its attempt ended, or lets it be tried again, or leaves it in doubt. */
export function attemptEnded(session: Session, { callId, outcome }: FactOf<'attemptEnded'>, now: number): Decision {
  const call = session.open.find((each) => each.callId === callId);
  if (!call || !isRunning(call)) return refuse('CALL_NOT_FOUND', `No attempt of '${callId}' is under way.`);
  const worker = seen(session, call, outcome, now);
  const refused: readonly Event[] = outcome.refused ? [{ type: 'askRefused', callId, methods: outcome.refused }] : [];
  const after = follows(evolveAll(session, worker), call, outcome, now);
  const paid = settled(session, call, outcome, after);
  const seenOf = [...flagged(call, outcome), ...noticed(session, call, outcome)];
  return accept(...worker, ...refused, ...seenOf, ...paid);
}

/** What the attempt says of its worker and of the connection that it was bound to. */
function seen(session: Session, call: RunningCall, outcome: AttemptOutcome, now: number): readonly Event[] {
  const { callId, server, lease } = call;
  const { worker, workerLost, leaseLost } = outcome;
  const why = 'message' in outcome ? outcome.message : '';
  if (leaseLost && lease !== null) {
    // A worker that gave the lease up before may well be gone: that it does not answer is no news.
    if (workerLost && worker) return noteHolderLost(session, server, lease, worker, why, now);
    const answered = worker ? noteWorker(session, worker, callId, now) : [];
    return [...answered, ...noteLost(session, server, lease, why)];
  }
  if (workerLost) return noteRestart(session, worker ?? null, callId, now);
  return worker ? noteWorker(session, worker, callId, now) : [];
}

/** Stays with the call until it ends, and a session carries many: weight.ts counts on its length. */
const troubleIn = ({ code, message }: Refusal): Refusal => ({ code, message: message.slice(0, MAX_TROUBLE) });

function follows(session: Session, call: RunningCall, outcome: AttemptOutcome, now: number): readonly Event[] {
  switch (outcome.kind) {
    case 'tool_error':
      if (call.compensates !== undefined && isRepeatable(call.effect) && call.spent + 1 < LIMITS.attempts) {
        return retryOr(call, { code: 'UNDO_FAILED', message: `${call.tool} says that it failed` }, true, now);
      }
      return answered(session, call, outcome, now);
    case 'succeeded':
      return answered(session, call, outcome, now);
    case 'input_required':
      return asked(session, call, outcome.asks, now);
    case 'failed': {
      const { code, message, rpc } = outcome;
      return [ended(call, { outcome: 'failed', error: { code, message, ...(rpc ? { rpc } : {}) } }, now)];
    }
    case 'denied':
      return denied(call, outcome, now);
    case 'needs_approval':
      return needsApproval(session, call, outcome, now);
    case 'not_sent':
      return notSent(session, call, troubleIn(outcome), now);
    case 'unknown':
      return withUndo(outcome.undo, unknown(call, troubleIn(outcome), now));
    default:
      return outcome satisfies never;
  }
}

function answered(
  session: Session,
  call: RunningCall,
  outcome: Extract<AttemptOutcome, { kind: 'succeeded' | 'tool_error' }>,
  now: number,
): readonly Event[] {
  const { kind, result } = outcome;
  return [ended(call, { outcome: kind, result }, now), ...effectOf(session, call, outcome, now)];
}

/** What an attempt found out before it was sent stays with the call: the next one would see its effect. */
const withUndo = (undo: Undo | undefined, events: readonly Event[]): readonly Event[] =>
  undo
    ? events.map((event) =>
        event.type === 'attemptRepeated' || event.type === 'callInDoubt' ? { ...event, undo } : event,
      )
    : events;

/** Safe to try again whatever the tool does; a configuration or tool that changed pauses the session instead. */
function notSent(session: Session, call: RunningCall, trouble: Refusal, now: number): readonly Event[] {
  switch (trouble.code) {
    case 'CALL_CANCELLED':
      return [giveUp(call, 'cancelled', trouble, now)];
    case 'CONFIG_CHANGED':
    case 'TOOL_CHANGED':
    case 'SECRET_MISSING':
      return unfit(session, call, trouble, now);
    case 'HELD_ELSEWHERE':
      return [{ type: 'heldApart', server: call.server }, ...againUnsent(call, trouble, now)];
    case 'LEASE_LOST':
    case 'WORKER_BUSY':
    case 'WORKER_LOST':
    case 'TEMPORAL_UNAVAILABLE':
      return againUnsent(call, trouble, now);
    case 'SERVER_UNAVAILABLE':
    case 'STORE_UNAVAILABLE':
    case 'CONNECTION_LOST':
      return retryOr(call, trouble, false, now);
    default:
      return [giveUp(call, 'refused', trouble, now)];
  }
}

/** Somebody has to look at it: the session pauses, and the call waits for its resume. */
function unfit(session: Session, call: RunningCall, trouble: Refusal, now: number): readonly Event[] {
  const { state } = session;
  const nobodyResumes = state.name === 'ROLLBACK' || (state.name === 'AUDIT' && state.then.name !== 'RUNNING');
  if (call.compensates !== undefined || (call.rest && nobodyResumes)) return [giveUp(call, 'failed', trouble, now)];
  const again: Event = { type: 'attemptRepeated', callId: call.callId, trouble, retryAt: 0, spent: false, sent: false };
  if (state.name !== 'RUNNING') return [again];
  return [again, pauseItself(state, 'incident', `${trouble.code}: ${trouble.message}`, now)];
}

/** Sent, and no answer known: only what may be repeated is tried again. */
function unknown(call: OpenCall, trouble: Refusal, now: number): readonly Event[] {
  if (!isRepeatable(call.effect)) return [{ type: 'callInDoubt', callId: call.callId, trouble }];
  if (trouble.code === 'CALL_CANCELLED') return [giveUp({ ...call, sent: true }, 'cancelled', trouble, now)];
  return retryOr(call, trouble, true, now);
}
