import { beating } from '../beating.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import { sealRecords } from './sealRecords.ts';

/** What keeps evidence. */
export type EvidenceActivities = Pick<Activities, 'sealRecords'>;

export const evidenceActivities = (deps: Pick<ActivityDeps, 'evidence' | 'payloads'>): EvidenceActivities => ({
  sealRecords: (input) => beating(() => sealRecords(deps, input)),
});
