import { type Asked, askedIn } from '../../../audit/asked.ts';
import { OWN_CALL_ID } from '../../../protocol/calls/call.ts';
import type { CallView, SessionView } from '../../../protocol/view.ts';
import type { Context } from '../../context.ts';
import { toCustodyError } from '../../temporal/errors.ts';
import { pagesOf } from '../../temporal/history.ts';
import { describeSession } from '../describe.ts';

/** Runs of a session that are read, the last ones: each has some hundreds of calls. */
const RUNS = 2;

/** A call of a tool, with what was asked; `asked` is undefined where it stands further back in the history. */
export interface RecentCall extends CallView {
  readonly asked: Omit<Asked, 'callId'> | undefined;
}

/** A session as it is, and its last calls of tools from outside, oldest first. */
export async function recentCalls(
  context: Context,
  id: string,
  most: number,
): Promise<{ readonly view: SessionView; readonly calls: readonly RecentCall[] }> {
  const view = await describeSession(context, id);
  const last = view.calls
    .filter(({ method, callId }) => method === undefined && !OWN_CALL_ID.test(callId))
    .slice(-most);
  if (last.length === 0) return { view, calls: [] };
  const asked = await askedFor(context, id, new Set(last.map(({ callId }) => callId)));
  return { view, calls: last.map((call) => ({ ...call, asked: asked.get(call.callId) })) };
}

/** What these calls asked, as far as the last runs tell. */
async function askedFor(
  { client }: Context,
  id: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Asked>> {
  const found = new Map<string, Asked>();
  try {
    let runId: string | undefined = (await client.workflow.getHandle(id).describe()).runId;
    for (let runs = 0; runId && runs < RUNS && found.size < wanted.size; runs += 1) {
      let before: string | undefined;
      for await (const page of pagesOf(client, id, runId, false)) {
        for (const event of page) {
          before ??= event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
          const asked = askedIn(event);
          if (asked && wanted.has(asked.callId) && !found.has(asked.callId)) found.set(asked.callId, asked);
        }
      }
      runId = before;
    }
  } catch (error) {
    throw toCustodyError(error, id);
  }
  return found;
}
