import { type Binding, bindingOf } from './binding.ts';
import type { WorkerIdentity } from '../../protocol/call.ts';
import type { Event } from '../events.ts';
import { evolveAll } from '../evolve.ts';
import { isRunning, type OpenCall, type Session } from '../session.ts';
import { CUSTODY, move } from '../decision.ts';
import { noteRestart } from './workers.ts';

/**
 * What a call can do now, as far as its server is concerned: `go`, have the server opened again first, or wait. It
 * waits for a free slot of the worker, for an opening under way, and for the calls that still run on the connection
 * before: a stateful server does not run twice for one session, unless its worker is gone.
 */
export function wayOf(session: Session, { server, continues }: OpenCall): 'go' | 'reopen' | 'wait' {
  const binding = bindingOf(session, server);
  // What a worker keeps open is gone on with there, or nowhere.
  if (!binding || continues?.held) return 'go';
  const running = session.open.filter((call) => isRunning(call) && typeof call.lease === 'string');
  switch (binding.phase) {
    case 'held':
      return running.filter((call) => bindingOf(session, call.server)?.worker === binding.worker).length < binding.slots
        ? 'go'
        : 'wait';
    case 'lost':
      return isInUse(session, binding) ? 'wait' : 'reopen';
    case 'reopening':
      return 'wait';
    default:
      return binding.phase satisfies never;
  }
}

/** May a session that resumes open its servers? Not while calls run on a connection that was given up. */
export const mayOpen = (session: Session): boolean =>
  Object.values(session.bindings).every((binding) => binding.phase !== 'lost' || !isInUse(session, binding));

/** Calls run on the connection, as far as is known; none does where its worker is gone. */
const isInUse = ({ open, goneBoots }: Session, { lease, boot }: Binding): boolean =>
  !goneBoots.includes(boot) && open.some((call) => isRunning(call) && call.lease === lease);

/** A lease is lost, for whatever reason. Word of one that the session does not hold any more changes nothing. */
export function noteLost(session: Session, server: string, lease: string, why: string): readonly Event[] {
  const binding = bindingOf(session, server);
  return binding?.phase === 'held' && binding.lease === lease ? [{ type: 'leaseLost', server, lease, why }] : [];
}

/** The worker that held a lease does not answer: it is gone, and that is a restart (L6). */
export function noteHolderLost(
  session: Session,
  server: string,
  lease: string,
  worker: WorkerIdentity,
  why: string,
  now: number,
): readonly Event[] {
  const lost = noteLost(session, server, lease, why);
  return lost.length === 0 ? [] : [...noteRestart(session, worker, null, now), ...lost];
}

/**
 * What was held by a process that is gone is lost; a server whose loss is to be looked at pauses a session that works
 * (D7).
 */
export function losses(session: Session, now: number): readonly Event[] {
  const gone = Object.entries(session.bindings).filter(
    ([, { phase, boot }]) => phase === 'held' && session.goneBoots.includes(boot),
  );
  const lost = gone.flatMap(([server, { lease, worker }]) =>
    noteLost(session, server, lease, `worker ${worker} is gone`),
  );
  const after = evolveAll(session, lost);
  const pausing =
    after.state.name === 'RUNNING'
      ? Object.keys(after.bindings).find(
          (server) => bindingOf(after, server)?.phase === 'lost' && bindingOf(after, server)?.whenLost === 'pause',
        )
      : undefined;
  return pausing === undefined ? lost : [...lost, ...pauseFor(after, pausing, now)];
}

/** `whenLost: pause`: the state of the server is gone, and somebody shall know before work goes on without it. */
export function pauseFor(session: Session, server: string, now: number): readonly Event[] {
  const { state } = session;
  const binding = bindingOf(session, server);
  if (binding?.phase !== 'lost' || binding.whenLost !== 'pause') return [];
  const reason = `${server} is lost with its state, generation ${binding.generation}: ${binding.why ?? ''} (a resume opens it anew)`;
  const paused = { name: 'PAUSED', cause: 'restart', reason, by: CUSTODY, since: now } as const;
  if (state.name === 'RUNNING') return [move(state, paused, CUSTODY, reason)];
  return state.name === 'RESUMING' ? [move(state, paused, CUSTODY, reason)] : [];
}
