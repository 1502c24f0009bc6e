import type { Custody, SessionHandle, SessionSpec } from '../../../client/index.ts';
import { startOrAttach as startOrAttachUnder } from '../../../client/session/starts/startOrAttach.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { remark } from '../../io/output.ts';

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
  if (id === undefined)
    return { session: await custody.start(spec, { reason: 'asked for by an MCP client' }), isNew: true };
  const { session, isNew, wanted } = await startOrAttachUnder(custody, spec, { id, successor });
  if (!isNew) await compare(session, wanted).catch(() => undefined); // It is a remark, and no more.
  return { session, isNew };
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
