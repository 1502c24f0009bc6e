import { argumentBytes } from '../../../protocol/calls/call.ts';
import type { Refusal } from '../../../protocol/errors.ts';
import { passedCallLimit } from '../../capacity/limits.ts';
import type { Event } from '../../events.ts';
import { evolve } from '../../evolve.ts';
import { bindingOf } from '../../servers/binding.ts';
import { wayOf } from '../../servers/leases.ts';
import { payable } from '../../budgets/payable.ts';
import { callsAtOnce } from '../../money/afford.ts';
import { reservationOf } from '../../money/reserve.ts';
import type { Session } from '../../session.ts';
import { giveUp } from '../endings.ts';
import { isRunning, type OpenCall, type QueuedCall } from '../state.ts';
import { canBeUndone, goesOn, termsOf, tooLarge, unknownTool } from '../terms.ts';

/**
 * The servers at which a call is under way that can be undone. Such calls go one after the other at a server: what is
 * found before one is what the one before left.
 */
export const serversUndoing = (session: Session): Set<string> =>
  new Set(session.open.filter((each) => isRunning(each) && canBeUndone(session, each)).map(({ server }) => server));

/** May a call start, or have its server opened again first, as soon as its time has come and there is room? */
export function mayStart(session: Session, call: OpenCall, undoing: ReadonlySet<string>): call is QueuedCall {
  const { state, clock, resetAt } = session;
  if (call.phase !== 'queued' || wayOf(session, call) === 'wait') return false;
  if (resetAt !== null && !call.rest?.continuation.withdrawn) return false;
  const starts =
    state.name === 'RUNNING' ? clock.graceUntil === null : state.name === 'ROLLBACK' && call.compensates !== undefined;
  return (starts || goesOn(session, call)) && !(undoing.has(call.server) && canBeUndone(session, call));
}

/**
 * Starts the next attempts, in order, up to the session's concurrency; none in the grace period, and in ROLLBACK
 * compensations alone, but for the rest of calls that have begun. Calls whose server must be opened again first do not
 * hold up those of others.
 */
export function dispatch(session: Session, now: number): readonly Event[] {
  if (!session.governance || session.open.length === 0) return [];
  let free = callsAtOnce(session) - session.open.filter(isRunning).length;
  if (free <= 0) return [];
  const undoing = serversUndoing(session);
  const events: Event[] = [];
  let next = session;
  for (const each of session.open) {
    if (free <= 0) break;
    if (each.phase !== 'queued' || each.retryAt > now || !mayStart(next, each, undoing)) continue;
    const event = begin(next, each, now);
    if (event.type === 'attemptStarted') {
      const afford = payable(next, each, event.reserved, now);
      if (afford === 'wait') break;
      if (afford !== 'yes') return [...events, ...afford];
    }
    events.push(event);
    next = evolve(next, event);
    if (event.type !== 'attemptStarted') continue;
    if (canBeUndone(session, each)) undoing.add(each.server);
    free -= 1;
  }
  return events;
}

function begin(session: Session, call: QueuedCall, now: number): Event {
  const { callId, server, compensates, rest, attempts } = call;
  const terms = termsOf(session, call);
  const unfit = unknownTool(session, call) ?? tooLarge(session, argumentBytes(call)) ?? tooMany(session, call);
  if (unfit || !terms) return giveUp(call, 'refused', unfit ?? NO_TERMS, now);
  if (wayOf(session, call) === 'reopen') return { type: 'reopenStarted', server };
  const reserved = reservationOf(session, call);
  return {
    type: 'attemptStarted',
    callId,
    attempt: attempts + 1,
    effect: compensates === undefined ? terms.effect : call.effect,
    lease: (rest?.continuation.held ? rest.lease : bindingOf(session, server)?.lease) ?? null,
    isRepeat: attempts > 0 && compensates === undefined,
    ...(reserved ? { reserved } : {}),
  };
}

const NO_TERMS: Refusal = { code: 'UNKNOWN_TOOL', message: 'The session does not know the tool.' };

/** Repeats count towards the limit of calls, too. */
const tooMany = ({ counts, governance }: Session, { attempts, compensates }: QueuedCall): Refusal | undefined =>
  governance && attempts > 0 && compensates === undefined ? passedCallLimit(counts, governance) : undefined;
