import { CALL_ID_FORM, type CallRequest, nameOf } from '../../protocol/calls/call.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength, canonical, digestOf } from '../../protocol/values/digest.ts';
import { problemOfJson } from '../../protocol/values/json.ts';
import { passedLimit, stopAtLimit } from '../capacity/limits.ts';
import { takeIn } from '../capacity/room.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, illegal, refuse } from '../decision.ts';
import type { Session } from '../session.ts';
import { repeatsEarlier } from './repeats.ts';
import { hasEnded, openBytes, type QueuedCall } from './state.ts';
import { termsOf, tooLarge, unknownTool } from './terms.ts';

/** Takes a call into the queue, or answers a repeated call id from the ledger without a second effect. */
export function call(session: Session, command: CommandOf<'call'>, now: number): Decision {
  const { state, governance } = session;
  const { request, by, again } = command;
  const measured = measure(request);
  if ('ok' in measured) return measured;
  const { bytes, digest } = measured;
  const repeated = repeat(session, request.callId, digest);
  if (repeated) return repeated;

  if (state.name === 'ROLLBACK' || (state.name === 'AUDIT' && state.then.name !== 'RUNNING'))
    return illegal(session, 'a new call', 'INIT, RUNNING, PAUSED and RESUMING');
  if (state.name === 'PAUSED' && governance?.session.whilePaused === 'refuse')
    return refuse('SESSION_PAUSED', `The session is paused (${state.cause}: ${state.reason}).`);
  const unfit = (governance && unknownTool(session, request)) ?? tooLarge(session, request.argsRef?.bytes ?? bytes);
  if (unfit) return { ok: false, refusal: unfit };
  const taken = queuedCall({ ...request, digest, bytes, actor: by.actor, effect: effectOf(session, request) }, now);
  const earlier = again ? undefined : repeatsEarlier(session, taken, now);
  if (earlier) return { ok: false, refusal: earlier };
  const passed = governance ? passedLimit(session.counts, governance, taken) : undefined;
  if (passed) return { ok: false, refusal: passed, events: stopAtLimit(session, passed, now) };
  return backlogFull(session, bytes) ?? takeIn(session, { type: 'callAccepted', call: taken });
}

/** A call as it is taken. */
export const queuedCall = (
  known: Pick<QueuedCall, 'digest' | 'bytes' | 'effect' | 'actor' | 'undo' | 'compensates' | 'grant'> & CallRequest,
  now: number,
): QueuedCall => ({
  ...known,
  phase: 'queued',
  acceptedAt: now,
  attempts: 0,
  spent: 0,
  sent: false,
  retryAt: 0,
  trouble: null,
  rest: null,
});

/** Before the session knows its tools, the worst is taken. */
const effectOf = (session: Session, request: CallRequest): QueuedCall['effect'] =>
  termsOf(session, request)?.effect ?? (request.method === undefined ? 'irreversible' : 'read-only');

/** The size of a call's arguments in history, and what tells it from other calls; or why it cannot be taken at all. */
function measure(request: CallRequest): { readonly bytes: number; readonly digest: string } | Decision {
  const { callId, server, tool, args, argsRef } = request;
  if (!CALL_ID_FORM.test(callId))
    return refuse('MALFORMED_COMMAND', 'A call id is 1 to 128 printable ASCII characters without spaces.');
  const problem = problemOfJson(args) ?? problemOfJson([server, tool]);
  if (problem) return refuse('MALFORMED_COMMAND', `The call cannot be taken: ${problem}.`);
  const text = canonical(argsRef ? { ...argsRef } : args);
  const bytes = byteLength(text);
  if (argsRef === undefined && bytes > LIMITS.argumentBytes) {
    const most = `in history may stand ${LIMITS.argumentBytes}`;
    const way = 'larger ones go by reference (argsRef), as the clients of Custody send them';
    return refuse('ARGUMENTS_TOO_LARGE', `The arguments are ${bytes} bytes, and ${most}; ${way}.`);
  }
  return { bytes, digest: digestOfCall(request) };
}

/** What tells a repeat from another call under the same id. */
export function digestOfCall({ server, tool, args, argsRef, method }: CallRequest): string {
  const asked = argsRef?.sha256 ?? canonical(args);
  return digestOf(method === undefined ? [server, tool, asked] : [server, tool, asked, method]).slice(0, 32);
}

/** What a call id that is known already is answered with. */
function repeat(session: Session, callId: string, digest: string): Decision | undefined {
  const open = session.open.find((each) => each.callId === callId);
  const ended = open ? undefined : session.ended.find((each) => each.callId === callId);
  const known = open ?? ended;
  if (known && known.digest !== digest)
    return refuse('CALL_ID_REUSED', `'${callId}' was the id of another call of ${nameOf(known)}.`);
  if (open) return accept();
  if (ended?.answer) return { ok: true, events: [], answer: ended.answer };
  if (hasEnded(session, callId))
    return refuse('ANSWER_EXPIRED', `The call '${callId}' ran before; its answer is no longer kept.`);
  return undefined;
}

/** Why a session can carry no call of so many bytes more. */
export function backlogFull(session: Session, bytes: number): Decision | undefined {
  const { length } = session.open;
  if (length >= LIMITS.openCalls)
    return refuse('BACKLOG_FULL', `${length} calls are open, and a session carries ${LIMITS.openCalls}.`);
  const carried = openBytes(session);
  if (carried + bytes <= LIMITS.openBytes) return undefined;
  const most = `a session carries ${LIMITS.openBytes}`;
  return refuse('BACKLOG_FULL', `The open calls carry ${carried} bytes of arguments, and ${most}.`);
}
