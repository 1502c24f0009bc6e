import { beating } from '../heartbeats/beating.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import { obeyOrder } from './orders/obey.ts';
import { sealNamespace } from './sealNamespace.ts';
import { sealRecords } from './sealRecords.ts';

/** What keeps evidence. */
export type EvidenceActivities = Pick<Activities, 'sealRecords' | 'obeyOrder' | 'listSealed' | 'sealNamespace'>;

export const evidenceActivities = (
  deps: Pick<ActivityDeps, 'evidence' | 'payloads' | 'values' | 'principals'>,
): EvidenceActivities => ({
  sealRecords: (input) => beating(() => sealRecords(deps, input)),
  obeyOrder: (input) => beating(() => obeyOrder(deps, input)),
  listSealed: ({ leaves }) => beating(() => deps.evidence.list(leaves)),
  sealNamespace: (input) => beating(() => sealNamespace(deps, input)),
});
