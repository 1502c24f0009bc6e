import { beating } from '../heartbeats/beating.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import { inTurn } from './inTurn.ts';
import { obeyOrder } from './orders/obey.ts';
import { sealNamespace } from './sealNamespace.ts';
import { sealRecords } from './sealRecords.ts';
import { tell } from './tell.ts';

/** What keeps evidence. */
export type EvidenceActivities = Pick<Activities, 'sealRecords' | 'obeyOrder' | 'sealNamespace'>;

export function evidenceActivities(
  deps: Pick<ActivityDeps, 'evidence' | 'payloads' | 'values' | 'principals'>,
): EvidenceActivities {
  const turn = inTurn();
  return {
    sealRecords: (input) =>
      beating(() =>
        turn(`session ${input.session}`, async () => {
          const sealed = await sealRecords(deps, input);
          return { ...sealed, ...(await tell(deps, input.session, sealed, input.listed)) };
        }),
      ),
    obeyOrder: (input) => beating(() => turn(`session ${input.session}`, () => obeyOrder(deps, input))),
    sealNamespace: (input) => beating(() => turn(`log ${input.taskQueue}`, () => sealNamespace(deps, input))),
  };
}
