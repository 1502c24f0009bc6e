import type { Effect } from '../../effects.ts';
import type { Event } from '../../events.ts';
import { numbered, type Run } from '../../run.ts';
import { nothing, type Step } from '../../step.ts';
import { isEnded } from '../../lifecycle/states.ts';
import { bindingOf } from '../../servers/binding.ts';
import type { Session } from '../../session.ts';
import { intentOf } from './intent.ts';
import { isRunning, type RunningCall } from '../state.ts';

/** The attempts that were begun, to be made. */
export const attempts =
  (events: readonly Event[]) =>
  (run: Run, now: number): Step =>
    events.reduce<Step>(
      (step, event) => (event.type === 'attemptStarted' ? withAttempt(step, event.callId, now) : step),
      { run, effects: [] },
    );

function withAttempt({ run, effects }: Step, callId: string, now: number): Step {
  const call = run.session.open.find((each) => each.callId === callId);
  if (!call || !isRunning(call)) return { run, effects };
  const intent = intentOf(run.session, call, now);
  const next = { ...numbered(run), attempts: run.attempts + 1, isCancelled: false };
  const isCancellable = !call.rest?.continuation.withdrawn;
  const bound = boundOf(run.session, call);
  return {
    run: next,
    effects: [
      ...effects,
      { type: 'attempt', intent: { record: next.record, chain: run.chain, ...intent }, bound, isCancellable },
    ],
  };
}

/**
 * The worker that a call is bound to. It is asked on the session's own queue first, where Temporal hands it the call
 * together with the workflow task; on its own queue once the session is known to be on another worker.
 */
function boundOf(
  session: Session,
  { server, lease, rest }: RunningCall,
): Extract<Effect, { type: 'attempt' }>['bound'] {
  const binding = bindingOf(session, server);
  if (lease === null || binding?.lease !== lease || rest?.continuation.held) return null;
  return { binding, isApart: binding.isApart };
}

/** Of attempts that were under way when a run was lost the session's workers may know the outcome. */
export function seeking(run: Run, now: number): Step {
  const running = run.session.open.filter(isRunning);
  const workers = Object.keys(run.session.workers);
  const effects = running.map((call): Effect => {
    const intent = { record: run.record, chain: run.chain, ...intentOf(run.session, call, now) };
    return { type: 'seek', intent, workers };
  });
  return { run: { ...run, attempts: run.attempts + effects.length }, effects };
}

/** Ends what is under way, where a pause or an end wants that. */
export function cancelling(run: Run): Step {
  const { state, governance } = run.session;
  const isPaused = state.name === 'PAUSED' && governance?.session.onPause === 'cancel';
  const isEnding =
    state.name === 'AUDIT' &&
    (state.then.name === 'TIMEOUT' || (state.then.name === 'FAILED' && state.then.code === 'SESSION_CANCELLED'));
  const isMet = (isPaused || isEnding) && run.attempts > 0;
  const isOpeningForNothing = isEnded(state) && run.opening !== null;
  if ((!isMet && !isOpeningForNothing) || run.isCancelled) return nothing(run);
  return { run: { ...run, isCancelled: true }, effects: [{ type: 'cancelAttempts' }] };
}
