import type { Kept } from '../../activities/evidence/deps.ts';
import { retainedUntil } from '../../config/evidence/retention.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { placeOf } from '../../evidence/log.ts';

/** Where the log of a session is kept, and its key. @throws CustodyError EVIDENCE_OFF, SECRET_MISSING */
export async function keptAt(
  config: Pick<OperatorConfig, 'evidence' | 'dir'>,
  namespace: string,
  session: string,
): Promise<Kept> {
  const { store, keys, folder, retention } = await placeOf(config, namespace, session);
  return {
    store,
    isErased: () => keys.isErased(folder),
    held: () => keys.held(folder),
    hold: (order) => keys.hold(folder, order),
    intended: () => keys.intended(folder),
    intend: (order) => keys.intend(folder, order),
    erase: (order) => keys.erase(folder, order),
    until: (from) => retention && retainedUntil(from, retention),
  };
}
