import { bindingOf } from './binding.ts';
import type { InsideCommand } from '../commands.ts';
import type { Event } from '../events.ts';
import { evolve, evolveAll } from '../evolve.ts';
import type { Session } from '../session.ts';
import { retryOr } from '../calls/outcomes.ts';
import { mayStart } from '../calls/take.ts';
import { noteHolderLost, noteLost, pauseFor } from './leases.ts';
import { changed, differences, holderOf } from './opening.ts';
import type { Decision } from '../decision.ts';
import { accept, CUSTODY, move, refuse } from '../decision.ts';
import { noteWorker } from './workers.ts';

type Of<T extends InsideCommand['type']> = Extract<InsideCommand, { type: T }>;

/**
 * A worker that stops in order gave a lease up: no restart. Word of a lease that the session does not hold changes
 * nothing, forged or late.
 */
export function released(session: Session, { server, lease }: Of<'released'>, now: number): Decision {
  const lost = noteLost(session, server, lease, 'its worker stopped in order');
  const isOpening =
    session.state.name === 'INIT' ||
    session.state.name === 'RESUMING' ||
    bindingOf(session, server)?.phase === 'reopening';
  if (isOpening && lost.length === 0) return accept({ type: 'releasedEarly', lease });
  if (bindingOf(session, server)?.lease === lease && lost.length === 0) return accept();
  if (lost.length === 0) return refuse('LEASE_LOST', `The session does not hold this lease of '${server}'.`);
  return accept(...lost, ...pauseFor(evolveAll(session, lost), server, now));
}

/** The holder of a lease was asked while the session resumed. */
export function leaseLost(
  session: Session,
  { server, lease, why, holderGone }: Of<'leaseLost'>,
  now: number,
): Decision {
  const binding = bindingOf(session, server);
  const holder = binding && { name: binding.worker, boot: binding.boot, afterDrain: false };
  const lost =
    holderGone && holder
      ? noteHolderLost(session, server, lease, holder, why, now)
      : noteLost(session, server, lease, why);
  return accept(...lost, ...(lost.length > 0 ? pauseFor(evolveAll(session, lost), server, now) : []));
}

/** A stateful server that was lost is open again: another generation of it, if its tools are as pinned (L5, D7). */
export function reopened(session: Session, command: Of<'reopened'>, now: number): Decision {
  const { server, pin, worker, lease } = command;
  const before = bindingOf(session, server);
  if (before?.phase !== 'reopening')
    return refuse('ILLEGAL_IN_STATE', `Nobody waits for '${server}' to be opened again.`);
  const seen = noteWorker(session, worker, null, now);
  const events: Event[] = [...seen, holderOf(before, server, lease && { ...lease, holder: worker })];
  const { state } = evolveAll(session, seen);
  const differ = differences(server, session.servers[server], pin);
  if (differ.length > 0 && state.name === 'RUNNING') {
    const code = pin.configHash === session.servers[server]?.configHash ? 'TOOL_CHANGED' : 'CONFIG_CHANGED';
    const reason = `${code}: ${changed(differ)}`;
    events.push(move(state, { name: 'PAUSED', cause: 'incident', reason, by: CUSTODY, since: now }, CUSTODY, reason));
  }
  return accept(...events);
}

/** It cannot be opened: for each call that wants it now, that is an attempt that failed. */
export function reopenFailed(session: Session, { server, refusal }: Of<'reopenFailed'>, now: number): Decision {
  if (bindingOf(session, server)?.phase !== 'reopening')
    return refuse('ILLEGAL_IN_STATE', `Nobody waits for '${server}' to be opened again.`);
  const failed: Event = { type: 'reopenFailed', server };
  const after = evolve(session, failed);
  const waiting = session.open.filter(
    (call) => call.server === server && call.retryAt <= now && mayStart(after, call, new Set()),
  );
  const events: Event[] = [failed, ...waiting.flatMap((call) => retryOr(call, refusal, false, now))];
  const { state } = session;
  if (refusal.code === 'SECRET_MISSING' && state.name === 'RUNNING') {
    events.push(
      move(
        state,
        { name: 'PAUSED', cause: 'incident', reason: `${refusal.code}: ${refusal.message}`, by: CUSTODY, since: now },
        CUSTODY,
        refusal.message,
      ),
    );
  }
  return accept(...events);
}
