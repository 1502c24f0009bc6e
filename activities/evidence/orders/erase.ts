import type { Held } from '../../../audit/seal/log.ts';
import { VALUES } from '../../../audit/seal/paths.ts';
import { beforeOrders, isErasure } from '../../../audit/seal/leaf.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { Erased, OrderDone } from '../../../protocol/evidence/orders.ts';
import { quote } from '../../../protocol/values/text.ts';
import type { Kept } from '../deps.ts';
import type { OrderDeps, Obeying } from './obeying.ts';
import type { Proved } from './prove.ts';
import { lastOrder, recorded } from './record.ts';
import { sealed } from './sealed.ts';

/**
 * A value that somebody put so many milliseconds ago may be of a session whose history does not have it yet.
 */
const GRACE = 600_000;

/**
 * Erases the contents of a session: seals what is left, puts on record who wants it erased, deletes the key, then
 * values that nobody else uses, then what Temporal has.
 */
export async function erase(deps: OrderDeps, obeying: Obeying): Promise<OrderDone> {
  const { session, proven, kept } = obeying;
  await refuseHeld(kept, session);
  const held = await destroyed(deps, obeying);
  const values = await withoutValues(deps, obeying, held);
  const runs = proven.order.keepHistory === true ? 0 : await deps.evidence.forget(session);
  return { act: 'erase', record: held.tree.size - 1, erased: { ...values, runs } };
}

async function refuseHeld(kept: Kept, session: string): Promise<void> {
  const last = await kept.held();
  if (last?.act !== 'hold') return;
  const { actor, reason } = last.order;
  throw new CustodyError('EVIDENCE_HELD', `${quote(actor)} holds the session '${session}' back: ${quote(reason)}.`);
}

/** The log, once it says that the contents are erased and their key is gone. */
async function destroyed(deps: OrderDeps, obeying: Obeying): Promise<Held> {
  const { session, at, proven, kept, log, held } = obeying;
  if (await kept.isErased()) return held;
  if ((await deps.evidence.standing(session)) === 'open')
    throw new CustodyError('EVIDENCE_OPEN', `The session '${session}' is open, and goes on to be recorded.`);
  let last = held;
  if (!isErasure(held.last)) {
    last = await sealed(deps, session, log, NO_REASON);
    if (!isErasure(last.last)) {
      refuseEarly(kept, last, proven, at);
      last = await recorded(obeying, last, proven);
    }
  }
  await kept.erase(lastOrder(last)!);
  return last;
}

/** Nothing more can be sealed; nobody outside vouches just now. */
const NO_REASON: ReadonlySet<string> = new Set(['HISTORY_GONE', 'WITNESS_UNAVAILABLE', 'WITNESS_REFUSED']);

function refuseEarly(kept: Kept, { last }: Held, { order }: Proved, at: number): void {
  if (!last || order.early === true) return;
  const due = kept.until(Date.parse(beforeOrders(last).at));
  if (due && due.getTime() > at)
    throw new CustodyError('EVIDENCE_RETAINED', `The session '${last.session}' is kept until ${due.toISOString()}.`);
}

/** Deletes the values of a session from the payload store, but those that other sessions may need. */
async function withoutValues(
  { evidence, values }: OrderDeps,
  { session, at }: Obeying,
  { files }: Held,
): Promise<Pick<Erased, 'values' | 'kept'>> {
  const there = new Set<string>();
  for await (const { sha256 } of values.list()) there.add(sha256);
  const listed = [...files.keys()].filter((path) => path.startsWith(VALUES)).map((path) => path.slice(VALUES.length));
  const own = await values.closure([...listed, ...(await evidence.named({ of: session }, there))], there);
  if (own.size === 0) return { values: [], kept: [] };
  const others = await values.closure(await evidence.named({ but: session }, there), there);
  const [gone, kept]: [string[], string[]] = [[], []];
  for (const hash of own) (!others.has(hash) && (await values.remove(hash, at - GRACE)) ? gone : kept).push(hash);
  return { values: gone, kept };
}
