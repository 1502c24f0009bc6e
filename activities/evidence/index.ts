import { beating } from '../heartbeats/beating.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import { obeyOrder } from './orders/obey.ts';
import { sealNamespace } from './sealNamespace.ts';
import { sealRecords } from './sealRecords.ts';
import { tell } from './tell.ts';

/** What keeps evidence. */
export type EvidenceActivities = Pick<Activities, 'sealRecords' | 'obeyOrder' | 'sealNamespace'>;

export const evidenceActivities = (
  deps: Pick<ActivityDeps, 'evidence' | 'payloads' | 'values' | 'principals'>,
): EvidenceActivities => ({
  sealRecords: (input) =>
    beating(async () => {
      const sealed = await sealRecords(deps, input);
      return { ...sealed, ...(await tell(deps, input.session, sealed, input.listed)) };
    }),
  obeyOrder: (input) => beating(() => obeyOrder(deps, input)),
  sealNamespace: (input) => beating(() => sealNamespace(deps, input)),
});
