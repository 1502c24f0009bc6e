import type { Intent } from '../../protocol/call.ts';
import { type OpenCall, type Session, termsOf } from '../session.ts';
import { entryOf } from '../undo/log.ts';

/**
 * What an attempt of a call is to do (D2); undefined where its server or tool is no longer pinned. Its number in the
 * record, its chain and its run are the workflow's to add.
 */
export function intentOf(
  session: Session,
  call: OpenCall,
  attempt: number,
): Omit<Intent, 'record' | 'chain' | 'runId'> | undefined {
  const { callId, server, tool, method, args, argsRef, digest, actor, effect } = call;
  const { undo, compensates, continues, lease } = call;
  const pin = session.servers[server];
  const terms = termsOf(session, call);
  if (!pin || !terms) return undefined;
  const maxResult = session.governance?.session.maxResult;
  const key = compensates === undefined ? callId : `undo/${compensates}`;
  return {
    sessionId: session.id,
    callId,
    attempt,
    digest,
    server,
    tool,
    args,
    ...(argsRef ? { argsRef } : {}),
    ...(method === undefined ? {} : { method }),
    actor,
    idempotencyKey: `${session.id}/${key}`,
    effect,
    timeout: terms.timeout,
    toolHash: terms.hash,
    configHash: pin.configHash,
    ...(undo ? { undo } : {}),
    ...(compensates === undefined ? {} : { compensates: entryOf(session, compensates)?.callId ?? '' }),
    ...(maxResult === undefined || compensates !== undefined ? {} : { maxResult }),
    ...(continues ? { continues } : {}),
    ...(typeof lease === 'string' ? { lease } : {}),
  };
}
