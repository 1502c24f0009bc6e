import type { Intent } from '../../../protocol/calls/call.ts';
import { priceOf } from '../../../protocol/money/prices.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Session } from '../../session.ts';
import { listingsKnown, scanWanted } from '../../incidents/seen.ts';
import { policyTermsOf } from '../../policy/terms.ts';
import { entryOf } from '../../undo/log.ts';
import type { RunningCall } from '../state.ts';
import { termsOf } from '../terms.ts';

/**
 * What the attempt under way of a call is to do. Its number in the record and its run are added where it is sent.
 *
 * A tool that is no longer pinned, since a resume accepted that it is gone, has no hash: no worker would call it, and
 * how an attempt ended can be asked all the same.
 */
export function intentOf(session: Session, call: RunningCall, now: number): Omit<Intent, 'record' | 'chain' | 'runId'> {
  const { callId, server, tool, method, args, argsRef, digest, actor, effect, attempts } = call;
  const { undo, compensates, rest, lease, grant, reserved } = call;
  const { account } = session;
  const traceparent = call.traceparent ?? session.traceparent;
  const pin = session.servers[server];
  const terms = termsOf(session, call);
  const policy = policyTermsOf(session, call, now);
  const maxResult = compensates === undefined ? session.governance?.session.maxResult : undefined;
  const scan = scanWanted(session);
  const listings = method === undefined ? listingsKnown(session, server) : undefined;
  const key = compensates === undefined ? callId : `undo/${compensates}`;
  return {
    sessionId: session.id,
    callId,
    digest,
    attempt: attempts,
    server,
    tool,
    args,
    actor,
    ...(argsRef ? { argsRef } : {}),
    ...(method === undefined ? {} : { method }),
    idempotencyKey: `${session.id}/${key}`,
    effect,
    timeout: terms?.timeout ?? LIMITS.toolTimeout,
    toolHash: terms?.hash ?? '',
    configHash: pin?.configHash ?? '',
    ...(undo ? { undo } : {}),
    ...(compensates === undefined ? {} : { compensates: entryOf(session, compensates)?.callId ?? '' }),
    ...(maxResult === undefined ? {} : { maxResult }),
    ...(rest ? { continues: rest.continuation } : {}),
    ...(lease === null ? {} : { lease }),
    ...(policy ? { policy } : {}),
    ...(grant ? { grant } : {}),
    ...(reserved && account ? { reserved: reserved.call, price: priceOf(account.book, call) } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(scan ? { scan } : {}),
    ...(listings ? { listings } : {}),
  };
}
