import { bindingOf } from '../servers/binding.ts';
import { argumentBytes, CALL_ID_FORM, type CallRequest, nameOf } from '../../protocol/call.ts';
import type { OutsideCommand } from '../commands.ts';
import { byteLength, canonical, digestOf } from '../../protocol/values/digest.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Event } from '../events.ts';
import { evolve } from '../evolve.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { problemOfJson } from '../../protocol/values/json.ts';
import type { OpenCall, Session } from '../session.ts';
import { formatSize } from '../../protocol/values/size.ts';
import { goesOn, hasEnded, isRunning, openBytes, termsOf } from '../session.ts';
import { wayOf } from '../servers/leases.ts';
import { giveUp } from './endings.ts';
import { passedLimit, stopAtLimit } from '../capacity/limits.ts';
import { takeIn } from '../capacity/room.ts';
import type { Decision } from '../decision.ts';
import { accept, illegal, refuse } from '../decision.ts';

/** Takes a call into the queue, or answers a repeated call id from the ledger without a second effect (E4). */
export function call(session: Session, command: Extract<OutsideCommand, { type: 'call' }>, now: number): Decision {
  const { state, governance } = session;
  const { request, by } = command;
  const { callId, server, tool, args, argsRef, method } = request;
  if (!CALL_ID_FORM.test(callId))
    return refuse('MALFORMED_COMMAND', 'A call id is 1 to 128 printable ASCII characters without spaces.');
  const problem = problemOfJson(args) ?? problemOfJson([server, tool]);
  if (problem) return refuse('MALFORMED_COMMAND', `The call cannot be taken: ${problem}.`);
  const text = canonical(argsRef ? { ...argsRef } : args);
  const bytes = byteLength(text);
  if (argsRef === undefined && bytes > LIMITS.argumentBytes) {
    return refuse(
      'ARGUMENTS_TOO_LARGE',
      `The arguments are ${bytes} bytes, and in history may stand ${LIMITS.argumentBytes}; larger ones go by reference (argsRef), as the clients of Custody send them.`,
    );
  }
  const asked = argsRef?.sha256 ?? text;
  const digest = digestOf(method === undefined ? [server, tool, asked] : [server, tool, asked, method]).slice(0, 32);
  const repeated = repeat(session, callId, digest);
  if (repeated) return repeated;

  if (state.name === 'ROLLBACK' || (state.name === 'AUDIT' && state.then.name !== 'RUNNING'))
    return illegal(session, 'a new call', 'INIT, RUNNING, PAUSED and RESUMING');
  if (state.name === 'PAUSED' && governance?.session.whilePaused === 'refuse') {
    return refuse('SESSION_PAUSED', `The session is paused (${state.cause}: ${state.reason}).`);
  }
  const unfit = (governance ? unknownTool(session, request) : undefined) ?? tooLarge(session, argsRef?.bytes ?? bytes);
  if (unfit) return { ok: false, refusal: unfit };
  const effect = termsOf(session, request)?.effect ?? (method === undefined ? 'irreversible' : 'read-only');
  const taken: OpenCall = {
    ...request,
    digest,
    bytes,
    effect,
    actor: by.actor,
    phase: 'queued',
    acceptedAt: now,
    attempts: 0,
    spent: 0,
    sent: false,
    retryAt: 0,
  };
  const passed = governance ? passedLimit(session.counts, governance, taken) : undefined;
  if (passed) return { ok: false, refusal: passed, events: stopAtLimit(session, passed, now) };
  if (session.open.length >= LIMITS.openCalls)
    return refuse('BACKLOG_FULL', `${session.open.length} calls are open, and a session carries ${LIMITS.openCalls}.`);
  if (openBytes(session) + bytes > LIMITS.openBytes) {
    return refuse(
      'BACKLOG_FULL',
      `The open calls carry ${openBytes(session)} bytes of arguments, and a session carries ${LIMITS.openBytes}.`,
    );
  }
  return takeIn(session, { type: 'callAccepted', call: taken });
}

/** Arguments beyond what the profile allows; of a session that is not open yet, beyond what any profile does. */
function tooLarge({ governance }: Session, bytes: number): Refusal | undefined {
  const limit = governance?.session.maxArguments ?? DEFAULTS.session.maxArguments;
  return bytes > limit
    ? {
        code: 'ARGUMENTS_TOO_LARGE',
        message: `The arguments are ${bytes} bytes, and session.maxArguments is ${formatSize(limit)}.`,
      }
    : undefined;
}

function repeat(session: Session, callId: string, digest: string): Decision | undefined {
  const known =
    session.open.find((each) => each.callId === callId) ?? session.ended.find((each) => each.callId === callId);
  if (known && known.digest !== digest)
    return refuse('CALL_ID_REUSED', `'${callId}' was the id of another call of ${nameOf(known)}.`);
  if (known && 'phase' in known) return accept();
  if (known?.answer) return { ok: true, events: [], answer: known.answer };
  if (hasEnded(session, callId))
    return refuse('ANSWER_EXPIRED', `The call '${callId}' ran before; its answer is no longer kept.`);
  return undefined;
}

function unknownTool(session: Session, request: CallRequest): Refusal | undefined {
  const { server, tool } = request;
  if (termsOf(session, request)) return undefined;
  if (!Object.hasOwn(session.servers, server))
    return {
      code: 'UNKNOWN_SERVER',
      message: `The session has no server '${server}'; it has ${Object.keys(session.servers).join(', ') || 'none'}.`,
    };
  return { code: 'UNKNOWN_TOOL', message: `The server '${server}' had no tool '${tool}' when the session opened it.` };
}

/**
 * The servers at which a call is under way that can be undone. Such calls go one after the other at a server: what is
 * found before one is what the one before left.
 */
export const serversUndoing = (session: Session): Set<string> =>
  new Set(session.open.filter((each) => isRunning(each) && canBeUndone(session, each)).map(({ server }) => server));

/** May a call start, or have its server opened again first, as soon as its time has come and there is room? */
export function mayStart(session: Session, call: OpenCall, undoing: ReadonlySet<string>): boolean {
  const { state, clock } = session;
  if (
    call.phase !== 'queued' ||
    wayOf(session, call) === 'wait' ||
    (session.resetAt !== null && !call.continues?.withdrawn)
  )
    return false;
  const starts =
    state.name === 'RUNNING' ? clock.graceUntil === null : state.name === 'ROLLBACK' && call.compensates !== undefined;
  return (starts || goesOn(session, call)) && !(undoing.has(call.server) && canBeUndone(session, call));
}

const canBeUndone = (session: Session, call: OpenCall): boolean => termsOf(session, call)?.undo === true;

/**
 * Starts the next attempts, in order, up to the session's concurrency; none in the grace period, and in ROLLBACK
 * compensations alone, but for the rest of calls that have begun. Calls whose server must be opened again first do not
 * hold up those of others.
 */
export function dispatch(session: Session, now: number): Decision {
  if (!session.governance) return accept();
  let free = session.governance.session.concurrency - session.open.filter(isRunning).length;
  const undoing = serversUndoing(session);
  const events: Event[] = [];
  let next = session;
  const happens = (event: Event): void => {
    events.push(event);
    next = evolve(next, event);
  };
  for (const each of session.open) {
    if (free <= 0) break;
    if (each.retryAt > now || !mayStart(next, each, undoing)) continue;
    const terms = termsOf(session, each);
    const unfit = terms ? tooLarge(session, argumentBytes(each)) : unknownTool(session, each);
    if (unfit) happens(giveUp(each, 'refused', unfit, now));
    if (unfit || !terms) continue;
    if (wayOf(next, each) === 'reopen') {
      happens({ type: 'reopenStarted', server: each.server });
      continue;
    }
    const lease = (each.continues?.held ? each.lease : bindingOf(next, each.server)?.lease) ?? null;
    happens({
      type: 'attemptStarted',
      callId: each.callId,
      attempt: each.attempts + 1,
      effect: each.compensates === undefined ? terms.effect : each.effect,
      lease,
    });
    if (terms.undo) undoing.add(each.server);
    free -= 1;
  }
  return accept(...events);
}
