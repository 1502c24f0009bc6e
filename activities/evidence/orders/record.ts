import { type EvidenceRecord, RECORD_VERSION } from '../../../audit/read/record.ts';
import type { Held, Log } from '../../../audit/seal/log.ts';
import { beforeOrders } from '../../../audit/seal/leaf.ts';
import { addTo } from '../../../audit/seal/write.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { Obeyed } from '../../../protocol/evidence/orders.ts';
import type { Kept } from '../deps.ts';
import type { Proved } from './prove.ts';

/** The order that the last record of a log is; undefined for another. */
export const lastOrder = ({ last }: Held): Obeyed | undefined =>
  last?.kind === 'evidence' ? (last.shown as unknown as Obeyed) : undefined;

/**
 * Adds an order to the log of a session, where it is not the last record already.
 *
 * @throws CustodyError EVIDENCE_MISSING where nothing was sealed
 */
export async function recorded({ log, kept, at }: Recording, held: Held, proved: Proved): Promise<Held> {
  if (lastOrder(held)?.proof.signature === proved.proof.signature) return held;
  const { last } = held;
  if (!last) throw nothingSealed();
  const data: Obeyed = { ...proved, after: beforeOrders(last) };
  const record: EvidenceRecord = {
    v: RECORD_VERSION,
    session: last.session,
    run: last.run,
    events: last.events,
    at: new Date(at).toISOString(),
    n: null,
    layer: 'compliance',
    kind: 'evidence',
    data,
    by: data.order.actor,
    standing: 'proven',
    proof: data.who,
    call: null,
  };
  await kept.intend({ ...data, at });
  return addTo(log, held, [record]);
}

/** What an order is put on record with. */
export interface Recording {
  readonly log: Log;
  readonly kept: Kept;
  /** When it came, in epoch milliseconds. */
  readonly at: number;
}

/**
 * Puts the last order on record that somebody died over between the checkpoint that has it and the list of files; a log
 * that is ahead for another reason stays so.
 */
export async function resumed(log: Log, kept: Kept, held: Held): Promise<Held> {
  const order = await kept.intended();
  if (!held.ahead || !held.last || order === undefined) return held;
  const { at, ...proved } = order;
  return recorded({ log, kept, at }, held, proved);
}

export const nothingSealed = (): CustodyError =>
  new CustodyError('EVIDENCE_MISSING', 'Nothing was sealed of this session.');
