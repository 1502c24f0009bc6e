import { CustodyError } from '../../../protocol/errors.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import type { Custody } from '../../custody.ts';
import type { SessionHandle } from '../handle.ts';

/** The label of a session that goes on in the place of another, with that one's id. */
const SUCCESSOR_OF = 'successorOf';

export interface StartOrAttachOptions {
  readonly id: string;
  /** Where the session that is there has ended, take the next: ID.2, ID.3, and so on. */
  readonly successor: boolean;
  /** The number of the first that may be free or alive; 1 by default. */
  readonly from?: number;
}

/** A session that was started, or was there. */
export interface StartedOrAttached {
  readonly session: SessionHandle;
  readonly isNew: boolean;
  /** What it would have been started with. */
  readonly wanted: SessionSpec;
}

/** The id of a session, or of the nth that goes on in its place. */
export const nthOf = (id: string, n: number): string => (n === 1 ? id : `${id}.${n}`);

/** A new session under this id, or the one that is there. */
export async function startOrAttach(
  custody: Custody,
  spec: SessionSpec,
  { id, successor, from = 1 }: StartOrAttachOptions,
): Promise<StartedOrAttached> {
  const reason = 'asked for by an MCP client';
  for (let n = from; ; n += 1) {
    const wanted = n === 1 ? spec : { ...spec, labels: { [SUCCESSOR_OF]: id, ...spec.labels } };
    const name = nthOf(id, n);
    try {
      return { session: await custody.start(wanted, { id: name, reason }), isNew: true, wanted };
    } catch (error) {
      if (!(error instanceof CustodyError && error.code === 'SESSION_EXISTS')) throw error;
    }
    const session = custody.session(name);
    if (successor && (await session.state()).ended) continue;
    return { session, isNew: false, wanted };
  }
}
