import type { Custody, SessionHandle, SessionSpec } from '../../../client/index.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { remark } from '../../io/output.ts';

/** The label of a session that goes on in the place of another, with that one's id. */
export const SUCCESSOR_OF = 'successorOf';

/**
 * A new session under this id, or the one that is there. Remarks on one that was started from another spec.
 *
 * @param successor where the session that is there has ended, take the next: ID.2, ID.3, and so on
 */
export async function startOrAttach(
  custody: Custody,
  spec: SessionSpec,
  id: string | undefined,
  successor: boolean,
): Promise<{ readonly session: SessionHandle; readonly isNew: boolean }> {
  const reason = 'asked for by an MCP client';
  if (id === undefined) return { session: await custody.start(spec, { reason }), isNew: true };
  for (let n = 1; ; n += 1) {
    const wanted = n === 1 ? spec : { ...spec, labels: { [SUCCESSOR_OF]: id, ...spec.labels } };
    const name = n === 1 ? id : `${id}.${n}`;
    try {
      return { session: await custody.start(wanted, { id: name, reason }), isNew: true };
    } catch (error) {
      if (!(error instanceof CustodyError && error.code === 'SESSION_EXISTS')) throw error;
    }
    const session = custody.session(name);
    if (successor && (await session.state()).ended) continue;
    await compare(session, wanted).catch(() => undefined); // It is a remark, and no more.
    return { session, isNew: false };
  }
}

async function compare(session: SessionHandle, wanted: SessionSpec): Promise<void> {
  const { checkSpec } = await import('../../../config/spec.ts');
  const started = (await session.startedWith()) as Record<string, Json> | undefined;
  if (!started) return;
  const given = checkSpec(wanted) as unknown as Record<string, Json>;
  const textOf = (value: Json | undefined): string => (value === undefined ? '' : canonical(value));
  const differing = [...new Set([...Object.keys(started), ...Object.keys(given)])].filter(
    (key) => textOf(started[key]) !== textOf(given[key]),
  );
  if (differing.length > 0)
    remark(
      `custody mcp: the session '${session.id}' was started from another spec, and goes on as it was started: ` +
        `${differing.join(', ')} ${differing.length === 1 ? 'differs' : 'differ'}. Give --id another id for a new one.`,
    );
}
