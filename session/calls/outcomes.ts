import type { AttemptOutcome } from '../../protocol/call.ts';
import { isRepeatable } from '../../protocol/call.ts';
import type { OutsideCommand } from '../commands.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Event } from '../events.ts';
import { evolveAll } from '../evolve.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { goesOn, hasEnded, type OpenCall, type Session } from '../session.ts';
import type { Undo } from '../../protocol/undo.ts';
import { asked } from './asks.ts';
import { effectOf } from '../undo/effects.ts';
import { ended, giveUp } from './endings.ts';
import { commanded } from '../lifecycle/commands.ts';
import type { Decision } from '../decision.ts';
import { accept, CUSTODY, illegal, move, refuse } from '../decision.ts';
import { noteHolderLost, noteLost } from '../servers/leases.ts';
import { noteRestart, noteWorker } from '../servers/workers.ts';

/** Attempts of a call that never left, before it is given up. */
const MAX_SENDLESS = 20;
const MAX_TROUBLE = 500;
const BACKOFF = [1000, 2000, 4000, 8000, 15_000] as const;

/** Settles a call by how its attempt ended, or lets it be tried again, or leaves it in doubt (E3). */
export function attemptEnded(session: Session, callId: string, outcome: AttemptOutcome, now: number): Decision {
  const call = session.open.find((each) => each.callId === callId);
  if (!call || call.phase !== 'running') return refuse('CALL_NOT_FOUND', `No attempt of '${callId}' is under way.`);
  const worker = seen(session, call, outcome, now);
  const refused: readonly Event[] = outcome.refused ? [{ type: 'askRefused', callId, methods: outcome.refused }] : [];
  return accept(...worker, ...refused, ...settle(evolveAll(session, worker), call, outcome, now));
}

/** What the attempt says of its worker and of the connection that it was bound to. */
function seen(
  session: Session,
  { callId, server, lease }: OpenCall,
  outcome: AttemptOutcome,
  now: number,
): readonly Event[] {
  const { worker, workerLost, leaseLost } = outcome;
  const why = 'message' in outcome ? outcome.message : '';
  if (leaseLost && typeof lease === 'string') {
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

function settle(session: Session, call: OpenCall, outcome: AttemptOutcome, now: number): readonly Event[] {
  switch (outcome.kind) {
    case 'succeeded':
      return [
        ended(call, { outcome: 'succeeded', result: outcome.result }, now),
        ...effectOf(session, call, outcome, now),
      ];
    case 'tool_error':
      if (call.compensates !== undefined && isRepeatable(call.effect) && call.spent + 1 < LIMITS.attempts)
        return retryOr(call, { code: 'UNDO_FAILED', message: `${call.tool} says that it failed` }, true, now);
      return [
        ended(call, { outcome: 'tool_error', result: outcome.result }, now),
        ...effectOf(session, call, outcome, now),
      ];
    case 'input_required':
      return asked(session, call, outcome.asks, now);
    case 'failed':
      return [
        ended(
          call,
          {
            outcome: 'failed',
            error: { code: outcome.code, message: outcome.message, ...(outcome.rpc ? { rpc: outcome.rpc } : {}) },
          },
          now,
        ),
      ];
    case 'not_sent':
      return notSent(session, call, troubleIn(outcome), now);
    case 'unknown':
      return withUndo(outcome.undo, unknown(call, troubleIn(outcome), now));
    default:
      return outcome satisfies never;
  }
}

/** What an attempt found out before it was sent stays with the call: the next one would see its effect. */
const withUndo = (undo: Undo | undefined, events: readonly Event[]): readonly Event[] =>
  undo
    ? events.map((event) =>
        event.type === 'attemptRepeated' || event.type === 'callInDoubt' ? { ...event, undo } : event,
      )
    : events;

/** Safe to try again whatever the tool does; a configuration or tool that changed pauses the session instead (L2). */
function notSent(session: Session, call: OpenCall, trouble: Refusal, now: number): readonly Event[] {
  const { state } = session;
  switch (trouble.code) {
    case 'CALL_CANCELLED':
      return [giveUp(call, 'cancelled', trouble, now)];
    case 'CONFIG_CHANGED':
    case 'TOOL_CHANGED':
    case 'SECRET_MISSING': {
      if (call.compensates !== undefined) return [giveUp(call, 'failed', trouble, now)];
      const again: Event = {
        type: 'attemptRepeated',
        callId: call.callId,
        trouble,
        retryAt: 0,
        spent: false,
        sent: false,
      };
      // Where nobody can resume the session the rest of a call would be tried for ever.
      if (call.continues && (state.name === 'ROLLBACK' || (state.name === 'AUDIT' && state.then.name !== 'RUNNING')))
        return [giveUp(call, 'failed', trouble, now)];
      if (state.name !== 'RUNNING') return [again];
      return [
        again,
        move(
          state,
          { name: 'PAUSED', cause: 'incident', reason: `${trouble.code}: ${trouble.message}`, by: CUSTODY, since: now },
          CUSTODY,
          trouble.message,
        ),
      ];
    }
    // The session waits for the server, not for this call: it ends with the session at the latest.
    case 'LEASE_LOST':
    case 'WORKER_BUSY':
      return [{ type: 'attemptRepeated', callId: call.callId, trouble, retryAt: 0, spent: false, sent: false }];
    case 'WORKER_LOST':
    case 'TEMPORAL_UNAVAILABLE':
      if (call.attempts < MAX_SENDLESS)
        return [{ type: 'attemptRepeated', callId: call.callId, trouble, retryAt: 0, spent: false, sent: false }];
      return [giveUp(call, 'failed', trouble, now)];
    case 'SERVER_UNAVAILABLE':
    case 'STORE_UNAVAILABLE':
    case 'CONNECTION_LOST':
      return retryOr(call, trouble, false, now);
    default:
      return [giveUp(call, 'refused', trouble, now)];
  }
}

/** Sent, and no answer known: only what may be repeated is tried again. */
function unknown(call: OpenCall, trouble: Refusal, now: number): readonly Event[] {
  if (!isRepeatable(call.effect)) return [{ type: 'callInDoubt', callId: call.callId, trouble }];
  if (trouble.code === 'CALL_CANCELLED') return [giveUp({ ...call, sent: true }, 'cancelled', trouble, now)];
  return retryOr(call, trouble, true, now);
}

/** @param sent the last attempt was, or may have been, sent */
export function retryOr(call: OpenCall, trouble: Refusal, sent: boolean, now: number): readonly Event[] {
  if (call.spent + 1 >= LIMITS.attempts || trouble.code === 'RESULT_TOO_LARGE')
    return [giveUp({ ...call, sent: call.sent || sent }, 'failed', trouble, now)];
  const delay = trouble.code === 'WORKER_LOST' ? 0 : (BACKOFF[call.spent] ?? 0);
  return [
    {
      type: 'attemptRepeated',
      callId: call.callId,
      trouble,
      retryAt: delay === 0 ? 0 : now + delay,
      spent: true,
      sent,
    },
  ];
}

/** A person's word on a call in doubt (E3). */
export function resolve(
  session: Session,
  command: Extract<OutsideCommand, { type: 'resolve' }>,
  now: number,
): Decision {
  const { by, callId, as } = command;
  const call = session.open.find((each) => each.callId === callId);
  if (!call) {
    return hasEnded(session, callId)
      ? refuse('CALL_NOT_IN_DOUBT', `The call '${callId}' has ended.`)
      : refuse('CALL_NOT_FOUND', `The session has no open call '${callId}'.`);
  }
  if (call.phase !== 'in_doubt') return refuse('CALL_NOT_IN_DOUBT', `The call '${callId}' is ${call.phase}.`);
  const resolved: Event = { type: 'callResolved', callId, as, by };
  if (as === 'retry') {
    const { state } = session;
    const goesOn =
      state.name === 'RUNNING' ||
      state.name === 'PAUSED' ||
      state.name === 'RESUMING' ||
      (state.name === 'AUDIT' && state.then.name === 'RUNNING');
    if (!goesOn) return illegal(session, 'resolve --as retry', 'RUNNING, PAUSED and RESUMING');
    return accept(commanded(command), resolved);
  }
  const settled = { actor: by.actor, reason: by.reason };
  const effect = as === 'succeeded' ? effectOf(session, call, {}, now) : [];
  const end =
    as === 'succeeded'
      ? ended(call, { outcome: 'succeeded', resolved: settled }, now)
      : ended(
          call,
          {
            outcome: 'failed',
            resolved: settled,
            error: { code: 'CALL_IN_DOUBT', message: `${by.actor} resolved the call as failed: ${by.reason}` },
          },
          now,
        );
  return accept(commanded(command), resolved, end, ...effect);
}

/** Calls that will not start, or not again, because the session ends. */
export const refuseQueued = (session: Session, now: number): readonly Event[] =>
  session.open
    .filter((call) => call.phase === 'queued' && !goesOn(session, call))
    .map((call) =>
      giveUp(
        call,
        call.attempts === 0 ? 'refused' : 'cancelled',
        {
          code: 'SESSION_CLOSED',
          message: `The session ended before the call could ${call.attempts === 0 ? 'start' : 'be tried again'}.`,
        },
        now,
      ),
    );
