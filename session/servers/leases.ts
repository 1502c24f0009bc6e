import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import { isRunning, type OpenCall, restOf } from '../calls/state.ts';
import { pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import { evolveAll } from '../evolve.ts';
import type { Session } from '../session.ts';
import { type Binding, bindingOf } from './binding.ts';
import { noteRestart } from './workers.ts';

/**
 * What a call can do now, as far as its server is concerned: `go`, have the server opened again first, or wait. It
 * waits for a free slot of the worker, for an opening under way, and for the calls that still run on the connection
 * before: a stateful server does not run twice for one session, unless its worker is gone.
 */
export function wayOf(session: Session, call: OpenCall): 'go' | 'reopen' | 'wait' {
  const binding = bindingOf(session, call.server);
  // What a worker keeps open is gone on with there, or nowhere.
  if (!binding || restOf(call)?.continuation.held) return 'go';
  switch (binding.phase) {
    case 'held':
      return runningOn(session, binding.worker) < binding.slots ? 'go' : 'wait';
    case 'lost':
      return isInUse(session, binding) ? 'wait' : 'reopen';
    case 'reopening':
      return 'wait';
    default:
      return binding.phase satisfies never;
  }
}

/** Calls under way on the stateful servers that a worker holds. */
const runningOn = (session: Session, worker: string): number =>
  session.open.filter(
    (call) => isRunning(call) && call.lease !== null && bindingOf(session, call.server)?.worker === worker,
  ).length;

/** May a session that resumes open its servers? Not while calls run on a connection that was given up. */
export const mayOpen = (session: Session): boolean =>
  Object.values(session.bindings).every((binding) => binding.phase !== 'lost' || !isInUse(session, binding));

/** Calls run on the connection, as far as is known; none does where its worker is gone. */
const isInUse = ({ open, goneBoots }: Session, { lease, boot }: Binding): boolean =>
  !goneBoots.includes(boot) && open.some((call) => isRunning(call) && call.lease === lease);

/** Does the session still count on a connection? */
export const isHeld = (session: Session, server: string, lease: string): boolean => {
  const binding = bindingOf(session, server);
  return binding?.phase === 'held' && binding.lease === lease;
};

/** A lease is lost, for whatever reason. Word of one that the session does not hold any more changes nothing. */
export const noteLost = (session: Session, server: string, lease: string, why: string): readonly Event[] =>
  isHeld(session, server, lease) ? [{ type: 'leaseLost', server, lease, why }] : [];

/** The worker that held a lease does not answer: it is gone, and that is a restart. */
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
 * What was held by a process that is gone is lost; a server whose loss is to be looked at pauses a session that works.
 */
export function losses(session: Session, now: number): readonly Event[] {
  const gone = Object.entries(session.bindings).filter(
    ([, { phase, boot }]) => phase === 'held' && session.goneBoots.includes(boot),
  );
  const lost = gone.flatMap(([server, { lease, worker }]) =>
    noteLost(session, server, lease, `worker ${worker} is gone`),
  );
  const after = evolveAll(session, lost);
  if (after.state.name !== 'RUNNING') return lost;
  const pausing = Object.entries(after.bindings).find(
    ([, { phase, whenLost }]) => phase === 'lost' && whenLost === 'pause',
  );
  return pausing ? [...lost, ...pauseFor(after, pausing[0], now)] : lost;
}

/** `whenLost: pause`: the state of the server is gone, and somebody shall know before work goes on without it. */
export function pauseFor(session: Session, server: string, now: number): readonly Event[] {
  const { state } = session;
  const binding = bindingOf(session, server);
  if (binding?.phase !== 'lost' || binding.whenLost !== 'pause') return [];
  if (state.name !== 'RUNNING' && state.name !== 'RESUMING') return [];
  const { generation, why = '' } = binding;
  const lost = `${server} is lost with its state, generation ${generation}: ${why}`;
  return [pauseItself(state, 'restart', `${lost} (a resume opens it anew)`, now)];
}
