import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Session } from '../session/session.ts';
import { SEARCH_ATTRIBUTES } from './searchAttributes.ts';

/** Brings the search attributes up to date: one event, so only where one of them may have changed. */
export function showState({ state, clock, governance, open, spec }: Session): void {
  const asks = state.name === 'RUNNING' && open.some((call) => call.phase === 'awaiting_input');
  const cause = state.name === 'PAUSED' ? state.cause : 'code' in state ? state.code : asks ? 'awaiting_input' : null;
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.state, value: state.name },
    { key: SEARCH_ATTRIBUTES.cause, value: cause },
    { key: SEARCH_ATTRIBUTES.agent, value: spec.agent.id },
    { key: SEARCH_ATTRIBUTES.profile, value: spec.profile },
    { key: SEARCH_ATTRIBUTES.deadline, value: governance ? new Date(clock.deadlineAt) : null },
    { key: SEARCH_ATTRIBUTES.inDoubt, value: open.filter((call) => call.phase === 'in_doubt').length },
  ]);
}
