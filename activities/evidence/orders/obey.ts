import { Context } from '@temporalio/activity';
import { heldBy } from '../../../audit/seal/held.ts';
import { MANIFEST } from '../../../audit/seal/paths.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { EvidenceOrder, OrderDone } from '../../../protocol/evidence/orders.ts';
import { erase } from './erase.ts';
import { hold } from './hold.ts';
import type { OrderDeps } from './obeying.ts';
import { proved } from './prove.ts';

/**
 * Does what somebody ordered with the evidence of a session. It may die anywhere, and done again it goes on: what is
 * irreversible comes after what says why.
 *
 * @throws CustodyError EVIDENCE_MISSING, EVIDENCE_HELD, EVIDENCE_OPEN, EVIDENCE_RETAINED, EVIDENCE_ERASED, and what a
 *   proof, the archive and the payload store fail with
 */
export async function obeyOrder(
  deps: OrderDeps,
  { session, order }: { readonly session: string; readonly order: EvidenceOrder },
): Promise<OrderDone> {
  const { evidence } = deps;
  const { namespace, scheduledTimestampMs: at } = Context.current().info;
  const proven = await proved(deps, { namespace, session }, order, at);
  const kept = await evidence.kept(session);
  if ((await evidence.standing(session)) === 'gone' && !(await kept.store.has(MANIFEST)))
    throw new CustodyError('EVIDENCE_MISSING', `Neither Temporal nor the archive has a session '${session}'.`);
  const log = await evidence.log(session);
  const obeying = { session, at, proven, kept, log, held: await heldBy(log) };
  return order.act === 'erase' ? erase(deps, obeying) : hold(deps, obeying);
}
