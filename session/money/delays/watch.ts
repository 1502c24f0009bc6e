import type { DelayCause } from '../../../protocol/money/delays.ts';
import type { Event } from '../../events.ts';
import type { State } from '../../lifecycle/states.ts';
import type { Session } from '../../session.ts';

/** Counts a delay that begins or is over. */
export function watchDelays({ account, state }: Session, now: number): readonly Event[] {
  const cause = causeOf(state);
  const under = account?.delays?.under?.cause ?? null;
  return account?.delays && cause !== under ? [{ type: 'delayChanged', cause, at: now }] : [];
}

/** What a session waits for in a state; null where it works, or waits for something else. */
function causeOf(state: State): DelayCause | null {
  switch (state.name) {
    case 'PAUSED':
      return state.cause === 'timeout' || state.cause === 'restart' ? state.cause : null;
    case 'RESUMING':
      return causeOf(state.paused);
    case 'ROLLBACK':
      return 'rollback';
    default:
      return null;
  }
}
