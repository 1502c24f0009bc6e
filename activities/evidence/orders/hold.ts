import { beforeOrders } from '../../../audit/seal/leaf.ts';
import type { Held } from '../../../audit/seal/log.ts';
import { CHECKPOINT, MANIFEST, TIMESTAMP } from '../../../audit/seal/paths.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { OrderDone } from '../../../protocol/evidence/orders.ts';
import type { EvidenceStore } from '../../../protocol/evidence/store.ts';
import type { Obeying, OrderDeps } from './obeying.ts';
import { lastOrder, nothingSealed, recorded } from './record.ts';
import { sealed } from './sealed.ts';

/**
 * Holds a session back from erasure, or releases it. It holds before that is on record, and is on record as released
 * before it is: what dies in between leaves it held.
 */
export async function hold(deps: OrderDeps, obeying: Obeying): Promise<OrderDone> {
  const { session, proven, kept, log, held } = obeying;
  const { act, proof } = proven;
  if (await kept.isErased())
    throw new CustodyError('EVIDENCE_ERASED', `The contents of the session '${session}' were erased before.`);
  const before = await kept.held();
  const isRepeated = before?.proof.signature === proof.signature;
  if (before && !isRepeated && proof.at <= before.proof.at)
    throw new CustodyError('PROOF_REPLAYED', `The session '${session}' has a newer order than this one.`);
  const isLastOf = (its: Held): boolean => lastOrder(its)?.proof.signature === proof.signature;
  const now = isLastOf(held) ? held : await sealed(deps, session, log, GONE);
  if (!now.last) throw nothingSealed();
  const order = { ...proven, after: beforeOrders(now.last) };
  if (act === 'hold') await kept.hold(order);
  const next = isRepeated && !isLastOf(now) && act === 'release' ? now : await recorded(obeying, now, proven);
  if (act === 'release') await kept.hold(order);
  if ((await kept.store.can()).hold) await holdFiles(kept.store, next, act === 'hold');
  return { act, record: next.tree.size - 1 };
}

/** Nothing more can be sealed. */
const GONE: ReadonlySet<string> = new Set(['HISTORY_GONE']);

/**
 * Has the store hold what is sealed by now, or release all that there is. What is written anew with each checkpoint is
 * left out: a hold would stay on versions that nobody names.
 */
async function holdFiles(store: EvidenceStore, { files }: Held, on: boolean): Promise<void> {
  for await (const path of on ? files.keys() : store.list('')) if (!RENEWED.has(path)) await store.hold(path, on);
}

const RENEWED: ReadonlySet<string> = new Set([CHECKPOINT, TIMESTAMP, MANIFEST]);
