import { beforeOrders, isErasure, isLast } from '../../audit/seal/leaf.ts';
import { readBy } from '../../audit/seal/held.ts';
import { retainedUntil } from '../../config/evidence/retention.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import { type Archived, archived } from '../../evidence/log.ts';
import { CustodyError, type Refusal } from '../../protocol/errors.ts';

/** How long a session is kept. */
export interface Due {
  readonly session: string;
  readonly records: number;
  /** When it ended, ISO 8601; null: it goes on, as far as is known. */
  readonly endedAt: string | null;
  /** Its contents may be erased from then on; null: it goes on, or nobody says how long it is kept. */
  readonly dueAt: string | null;
  /** Who holds it back, and why; null: nobody. */
  readonly hold: { readonly by: string; readonly reason: string } | null;
  readonly isErased: boolean;
  /** Why it cannot be told. */
  readonly failing?: Refusal;
}

/**
 * The sessions in the archive, those due first before the others; of some the reason why it cannot be told.
 * @throws CustodyError USAGE, EVIDENCE_OFF, EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED
 */
export async function dueSessions(options: {
  readonly config: string;
  readonly namespace: string;
  readonly by?: string | undefined;
}): Promise<readonly Due[]> {
  const by = options.by === undefined ? Infinity : Date.parse(options.by);
  if (Number.isNaN(by)) throw new CustodyError('USAGE', `'${options.by}' is no instant; write it as 2027-01-31.`);
  const config = await loadOperatorConfig(options.config);
  const found: Due[] = [];
  for await (const session of archived(config, options.namespace)) found.push(await dueOf(session));
  return found
    .filter(({ dueAt, failing }) => by === Infinity || failing !== undefined || Date.parse(dueAt ?? '') <= by)
    .sort((a, b) => (a.dueAt ?? '~').localeCompare(b.dueAt ?? '~') || a.session.localeCompare(b.session));
}

async function dueOf({ session, log, keys, folder, retention }: Archived): Promise<Due> {
  try {
    const { tree, last } = await readBy(log);
    const held = await keys.held(folder);
    const isErased = await keys.isErased(folder);
    const endedAt = last && isLast(last) ? beforeOrders(last).at : null;
    const dueAt = endedAt !== null && retention ? retainedUntil(Date.parse(endedAt), retention).toISOString() : null;
    const hold = held?.act === 'hold' ? { by: held.order.actor, reason: held.order.reason } : null;
    return {
      session,
      records: tree.size,
      endedAt,
      dueAt: isErased || (last && isErasure(last)) ? null : dueAt,
      hold,
      isErased,
    };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    const { code, message } = error;
    const unknown = { records: 0, endedAt: null, dueAt: null, hold: null, isErased: false };
    return { session, ...unknown, failing: { code, message } };
  }
}
