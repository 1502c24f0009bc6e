import { retryOr } from '../calls/attempts/retry.ts';
import { mayStart } from '../calls/attempts/dispatch.ts';
import { accept, type Decision, pauseItself, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import { evolve, evolveAll } from '../evolve.ts';
import type { FactOf } from '../facts.ts';
import type { Session } from '../session.ts';
import { bind } from './bind.ts';
import { differsFrom } from '../incidents/seen.ts';
import { bindingOf, holderOf } from './binding.ts';
import { changed, differences } from './differences.ts';
import { noteHolderLost, noteLost, pauseFor } from './leases.ts';
import { noteWorker } from './workers.ts';

/**
 * A worker that stops in order gave a lease up: no restart. Word of a lease that the session does not hold changes
 * nothing, forged or late.
 */
export function released(session: Session, { server, lease }: FactOf<'released'>, now: number): Decision {
  const { name } = session.state;
  const binding = bindingOf(session, server);
  const lost = noteLost(session, server, lease, 'its worker stopped in order');
  if (lost.length > 0) return accept(...lost, ...pauseFor(evolveAll(session, lost), server, now));
  const isOpening = name === 'INIT' || name === 'RESUMING' || binding?.phase === 'reopening';
  if (isOpening) return accept({ type: 'releasedEarly', lease });
  if (binding?.lease === lease) return accept();
  return refuse('LEASE_LOST', `The session does not hold this lease of '${server}'.`);
}

/** The holder of a lease was asked while the session resumed. */
export function leaseLost(session: Session, fact: FactOf<'leaseLost'>, now: number): Decision {
  const { server, lease, why, holderGone } = fact;
  const binding = bindingOf(session, server);
  const lost =
    holderGone && binding
      ? noteHolderLost(session, server, lease, holderOf(binding), why, now)
      : noteLost(session, server, lease, why);
  return accept(...lost, ...(lost.length > 0 ? pauseFor(evolveAll(session, lost), server, now) : []));
}

/** A stateful server that was lost is open again: another generation of it, if its tools are as pinned. */
export function reopened(session: Session, fact: FactOf<'reopened'>, now: number): Decision {
  const { server, pin, worker, lease } = fact;
  const before = bindingOf(session, server);
  if (before?.phase !== 'reopening') return unwanted(server);
  const seen = noteWorker(session, worker, null, now);
  const events: Event[] = [...seen, bind(before, server, lease && { ...lease, holder: worker })];
  const { state } = evolveAll(session, seen);
  const pinned = session.servers[server];
  const differ = differences(server, pinned, pin);
  if (differ.length > 0 && state.name === 'RUNNING') {
    const code = pin.configHash === pinned?.configHash ? 'TOOL_CHANGED' : 'CONFIG_CHANGED';
    events.push(...differsFrom(session, differ), pauseItself(state, 'incident', `${code}: ${changed(differ)}`, now));
  }
  return accept(...events);
}

/** It cannot be opened: for each call that wants it now, that is an attempt that failed. */
export function reopenFailed(session: Session, { server, refusal }: FactOf<'reopenFailed'>, now: number): Decision {
  if (bindingOf(session, server)?.phase !== 'reopening') return unwanted(server);
  const failed: Event = { type: 'reopenFailed', server };
  const after = evolve(session, failed);
  const waiting = session.open.filter(
    (call) => call.server === server && mayStart(after, call, new Set()) && call.retryAt <= now,
  );
  const events: Event[] = [failed, ...waiting.flatMap((call) => retryOr(call, refusal, false, now))];
  const { state } = session;
  if (refusal.code === 'SECRET_MISSING' && state.name === 'RUNNING')
    events.push(pauseItself(state, 'incident', `${refusal.code}: ${refusal.message}`, now));
  return accept(...events);
}

const unwanted = (server: string): Decision =>
  refuse('ILLEGAL_IN_STATE', `Nobody waits for '${server}' to be opened again.`);
