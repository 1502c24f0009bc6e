import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Shown } from '../../session/view/shown.ts';
import { SEARCH_ATTRIBUTES } from '../searchAttributes.ts';

/** Brings the search attributes up to date: one event. */
export const showState = ({ deadlineAt, pending, labels, startedAt, ...shown }: Shown): void =>
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.state, value: shown.state },
    { key: SEARCH_ATTRIBUTES.cause, value: shown.cause },
    { key: SEARCH_ATTRIBUTES.agent, value: shown.agent },
    { key: SEARCH_ATTRIBUTES.profile, value: shown.profile },
    { key: SEARCH_ATTRIBUTES.deadline, value: deadlineAt === null ? null : new Date(deadlineAt) },
    { key: SEARCH_ATTRIBUTES.inDoubt, value: shown.inDoubt },
    { key: SEARCH_ATTRIBUTES.pending, value: pending.length > 0 ? [...pending] : null },
    { key: SEARCH_ATTRIBUTES.labels, value: labels.length > 0 ? [...labels] : null },
    { key: SEARCH_ATTRIBUTES.startedBy, value: shown.startedBy },
    { key: SEARCH_ATTRIBUTES.startedAt, value: new Date(startedAt) },
  ]);
