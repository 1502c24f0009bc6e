import type { Run } from '../run.ts';
import { nothing, type Step } from '../step.ts';
import { mayOpen } from './leases.ts';

/** Opens the servers of a session that begins or resumes, and again those that calls want and that were lost. */
export function opening(run: Run): Step {
  const again = reopening(run);
  const { session, opening: underWay, isDraining } = again.run;
  const { name } = session.state;
  const wants = name === 'INIT' || name === 'RESUMING';
  if (!wants || underWay !== null || again.run.reopened.length > 0 || isDraining || !mayOpen(session)) return again;
  return { run: { ...again.run, opening: session.state }, effects: [...again.effects, { type: 'open' }] };
}

function reopening(run: Run): Step {
  const wanted = Object.entries(run.session.bindings).filter(([, { phase }]) => phase === 'reopening');
  const servers = wanted.map(([server]) => server).filter((server) => !run.reopened.includes(server));
  if (servers.length === 0) return nothing(run);
  return {
    run: { ...run, reopened: [...run.reopened, ...servers] },
    effects: servers.map((server) => ({ type: 'reopen', server })),
  };
}
