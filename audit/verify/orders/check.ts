import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type Obeyed, ORDERS, readOrder, statementOf } from '../../../protocol/evidence/orders.ts';
import { signedText } from '../../../protocol/identity/proof.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { isErasure, type Leaf } from '../../seal/leaf.ts';
import { isSigned } from '../../tlog/note/ed25519.ts';
import { bytesOf, fromBase64 } from '../../tlog/note/text.ts';
import { type Context, whyOf } from '../context.ts';
import type { Signed } from '../signatures.ts';

/** What every Ed25519 public key begins with as SubjectPublicKeyInfo, in bytes. */
const PREFIX = '302a300506032b6570032100';

/** Has who is said to have had evidence erased, held or released signed that, for this session? Tells of erasures. */
export async function checkOrders(
  context: Context,
  { log }: Signed,
  leaves: readonly (Leaf | undefined)[],
): Promise<void> {
  const { findings } = context;
  const namespace = namespaceIn(log?.origin ?? '');
  for (const [seq, leaf] of leaves.entries()) {
    if (leaf?.kind !== 'evidence') continue;
    const why = await problemOf(context, leaf, namespace);
    if (why !== undefined) findings.add('ORDER_INVALID', why, { seq });
    else if (isErasure(leaf)) findings.add('ERASED', toldOf(leaf), { seq });
  }
}

async function problemOf({ sha256 }: Context, leaf: Leaf, namespace: string): Promise<string | undefined> {
  const obeyed = obeyedIn(leaf);
  if (!obeyed) return 'it does not have the form of an order';
  const { act, order, proof, publicKey, who } = obeyed;
  const spki = fromBase64(publicKey);
  const isKey = spki?.length === 44 && bytesToHex(spki).startsWith(PREFIX);
  const key = spki?.slice(12) ?? new Uint8Array();
  if (!isKey || bytesToHex(sha256(key)).slice(0, 32) !== proof.key || who.key !== proof.key)
    return 'the key is not the one that is named';
  if (act !== order.act || !ORDERS[act].some((role) => (who.roles as readonly string[]).includes(role)))
    return 'whoever signed it may not do that';
  try {
    const text = bytesOf(signedText(statementOf(obeyed, { namespace, session: leaf.session })));
    if (await isSigned(text, hexToBytes(proof.signature), key)) return undefined;
    return 'the signature is not one of that key over this order';
  } catch (error) {
    return whyOf(error);
  }
}

/** Hostile until read: whoever signs a log can have put anything there. */
function obeyedIn({ shown }: Leaf): Obeyed | undefined {
  const { act, order, proof, who, publicKey, after } = shown;
  if (!isObject(order) || !isObject(who) || typeof publicKey !== 'string' || !Array.isArray(who['roles']))
    return undefined;
  const isRead = readOrder({ ...order, proof }).value !== undefined && order['proof'] === undefined;
  if (!isObject(after) || typeof after['kind'] !== 'string' || typeof after['at'] !== 'string') return undefined;
  const isKnown = typeof act === 'string' && Object.hasOwn(ORDERS, act) && isObject(proof);
  return isRead && isKnown ? (shown as unknown as Obeyed) : undefined;
}

function toldOf(leaf: Leaf): string {
  const { order, who } = leaf.shown as unknown as Obeyed;
  const { actor, reason, early } = order;
  const name = `${JSON.stringify(actor)} (${JSON.stringify(who.person)})`;
  const when = `${leaf.at}${early === true ? ', before its retention was over' : ''}`;
  return `by ${name} on ${when}: ${JSON.stringify(reason)}`;
}

function namespaceIn(origin: string): string {
  try {
    return decodeURIComponent(origin.split('/')[1] ?? '');
  } catch {
    return '';
  }
}
