import { randomUUID } from 'node:crypto';
import { sha256Hex } from '../../../protocol/values/digest.ts';
import type { CallInput } from '../../../protocol/commands.ts';
import type { Hears } from '../../../protocol/calls/said.ts';
import type { CallReply } from '../../../protocol/replies.ts';
import { callUpdate } from '../../../workflows/messages.ts';
import type { Context } from '../../context.ts';
import { endedWithRun, persist } from '../../temporal/persist.ts';
import { withWorker } from '../../temporal/withWorker.ts';

interface Asking {
  readonly isFirst: boolean;
  /** Not of what makes the call: a repeat in another trace joins the first. */
  readonly traceparent: string | undefined;
  /** The same holds for what is to be heard of it. */
  readonly hears: Hears | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks a session for a call, by an update whose id says what is asked:
 *
 * - The first ask of a call has the id `call/DIGEST`, of all that makes the call: its id, actor, tool and arguments. So
 *   within a run a repeat, by whichever client, joins the ask that is there: it is no second event, and has the same
 *   outcome. Other arguments under a call id are another ask, which the session refuses.
 * - Temporal keeps outcomes: what is asked under that id later in the run gets what the first got. An answer is as good
 *   as ever; `parked` means that the session has the call, and it is asked by query how that stands now; a refusal
 *   shows that it is old by `to`, the command id of the ask that it was given to.
 * - Whoever must ask anew, as a refusal is old, the backlog was full, or the run ended with the ask under way, does so
 *   under an id of its own, with the command id behind it.
 * - Ids count within a run: the next one knows none of them.
 *
 * @returns undefined where the reply is an old refusal
 */
export async function askSession(
  context: Context,
  sessionId: string,
  call: CallInput,
  { isFirst, traceparent, hears, signal }: Asking,
): Promise<CallReply | undefined> {
  const commandId = randomUUID();
  const beside = { ...(traceparent === undefined ? {} : { traceparent }), ...(hears ? { hears } : {}) };
  const shared = `call/${sha256Hex(JSON.stringify(call))}`;
  let updateId = isFirst ? shared : `${shared}/${commandId}`;
  const handle = context.client.workflow.getHandle(sessionId);
  const reply = await persist(
    () =>
      withWorker(context, () =>
        handle.executeUpdate(callUpdate, { args: [{ ...call, ...beside, commandId }], updateId }),
      ).catch((error: unknown) => {
        if (endedWithRun(error)) updateId = `${shared}/${commandId}`;
        throw error;
      }),
    sessionId,
    { connection: context.client.connection, signal },
  );
  return isFirst && reply.status === 'refused' && reply.to !== commandId ? undefined : reply;
}
