import { heldBy } from '../../../audit/seal/held.ts';
import type { Held, Log } from '../../../audit/seal/log.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { sealRecords } from '../sealRecords.ts';
import type { OrderDeps } from './obeying.ts';

/**
 * The log with all that Temporal has of a session; of one that it has no more, as it is.
 * @param passing codes that keep no order from being obeyed
 * @throws CustodyError whatever else sealing fails with
 */
export async function sealed(deps: OrderDeps, session: string, log: Log, passing: ReadonlySet<string>): Promise<Held> {
  await sealRecords(deps, { session, known: { size: 0, root: '' } }).catch((error: unknown) => {
    if (!(error instanceof CustodyError) || !passing.has(error.code)) throw error;
  });
  return heldBy(log);
}
