import { createPrivateKey } from 'node:crypto';
import type { Kept } from '../../../activities/evidence/deps.ts';
import { recorded } from '../../../activities/evidence/orders/record.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import { copyBundle } from '../../../audit/seal/copy.ts';
import { heldBy } from '../../../audit/seal/held.ts';
import { SESSION_KEY } from '../../../audit/seal/paths.ts';
import { publicKeyOf, Signer } from '../../../client/identity/key.ts';
import { type EvidenceOrder, type OrderAct, ORDERS } from '../../../protocol/evidence/orders.ts';
import { logIn, MemoryStore, sealedSession } from './sealed.ts';

const PKCS8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 11)]);
const KEY = createPrivateKey({ key: PKCS8, format: 'der', type: 'pkcs8' });
const ANN = new Signer(KEY);

/** What somebody says who may do anything. */
export function orderOf(session: string, act: OrderAct, more: Partial<EvidenceOrder> = {}): EvidenceOrder {
  const order = { act, actor: 'ann', reason: 'request 117', commandId: `${act}-1`, ...more };
  const { commandId, actor } = order;
  return { ...order, proof: ANN.prove({ namespace: 'default', session, act, commandId, actor }, order) };
}

/** A recorded session, sealed, with an order as its last record; of an erased one the key is gone. */
export async function orderedSession(
  name: string,
  act: OrderAct,
  { proof, ...order }: EvidenceOrder = orderOf(name, act),
): Promise<MemoryStore> {
  const store = await sealedSession(name);
  const log = await logIn(store, name);
  const who = { person: 'Ann', roles: [...ORDERS[act]], key: ANN.id, list: '0'.repeat(64) };
  const proved = { act, order, proof: proof!, who, publicKey: publicKeyOf(KEY) };
  const kept = { intend: () => Promise.resolve() } as Partial<Kept> as Kept;
  await recorded({ log, kept, at: Date.parse('2026-03-01T00:00:00Z') }, await heldBy(log), proved);
  const bundle = new MemoryStore();
  await copyBundle(store, bundle, nativeSha256);
  const key = store.files.get(SESSION_KEY);
  if (act !== 'erase' && key) bundle.files.set(SESSION_KEY, key);
  return bundle;
}
