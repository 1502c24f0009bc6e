import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Shown } from '../../session/view/shown.ts';
import { SEARCH_ATTRIBUTES } from '../searchAttributes.ts';

/** Brings the search attributes up to date: one event. */
export const showState = ({ state, cause, agent, profile, deadlineAt, inDoubt }: Shown): void =>
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.state, value: state },
    { key: SEARCH_ATTRIBUTES.cause, value: cause },
    { key: SEARCH_ATTRIBUTES.agent, value: agent },
    { key: SEARCH_ATTRIBUTES.profile, value: profile },
    { key: SEARCH_ATTRIBUTES.deadline, value: deadlineAt === null ? null : new Date(deadlineAt) },
    { key: SEARCH_ATTRIBUTES.inDoubt, value: inDoubt },
  ]);
