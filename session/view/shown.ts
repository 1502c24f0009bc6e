import type { Session } from '../session.ts';
import { labelsOf } from './labels.ts';
import { type Pending, pendingOf } from './pending.ts';

/** What lists and filters show of a session: its search attributes. */
export interface Shown {
  readonly state: string;
  /** Why it is paused, or the code with which it ended. */
  readonly cause: string | null;
  readonly agent: string;
  readonly profile: string;
  /** Epoch milliseconds; null until the profile is loaded. */
  readonly deadlineAt: number | null;
  /** Calls that wait for `custody resolve`. */
  readonly inDoubt: number;
  readonly pending: readonly Pending[];
  readonly labels: readonly string[];
  readonly startedBy: string | null;
  /** Epoch milliseconds: of the session, over all its runs. */
  readonly startedAt: number;
}

export function shownOf(session: Session): Shown {
  const { state, clock, governance, open, spec, startedBy, parent, startedAt } = session;
  const asks = state.name === 'RUNNING' && open.some((call) => call.phase === 'awaiting_input');
  const cause = state.name === 'PAUSED' ? state.cause : 'code' in state ? state.code : asks ? 'awaiting_input' : null;
  return {
    state: state.name,
    cause,
    agent: spec.agent.id,
    profile: spec.profile,
    deadlineAt: governance ? clock.deadlineAt : null,
    inDoubt: open.filter((call) => call.phase === 'in_doubt').length,
    pending: pendingOf(session),
    labels: labelsOf(spec),
    startedBy: startedBy?.actor ?? null,
    startedAt: parent?.since ?? startedAt,
  };
}
