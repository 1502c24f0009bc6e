import type { CallOutcome } from '../../../protocol/calls/call.ts';
import type { Json } from '../../../protocol/values/json.ts';
import type { PayloadStore } from '../../../protocol/values/payload.ts';
import type { OpenCallView, SessionView } from '../../../protocol/view.ts';
import type { AttachReply } from '../../../protocol/replies.ts';

/** What an agent finds when it attaches to a session again. */
export interface Attached {
  readonly view: SessionView;
  /** What it saved last with `saveState`; null if it never did. */
  readonly agentState: Json;
  /** Calls that have ended, oldest first; their answers are given by `answer`. */
  readonly answered: readonly {
    readonly callId: string;
    readonly server: string;
    readonly tool: string;
    readonly outcome: CallOutcome;
  }[];
  /** Calls that have not; asked again under the same id, a call is waited for and not made twice. */
  readonly open: readonly OpenCallView[];
  /** Answered and open calls that are not listed. */
  readonly more: { readonly answered: number; readonly open: number };
}

/** @throws CustodyError PAYLOAD_MISSING, PAYLOAD_CORRUPT, STORE_UNAVAILABLE where the saved state cannot be read */
export async function attachedOf(
  { view, agentState, moreOpen }: Extract<AttachReply, { ok: true }>,
  payloads: PayloadStore,
): Promise<Attached> {
  const answered = view.calls.flatMap(({ callId, server, tool, outcome }) =>
    outcome === null || outcome === 'in_doubt' ? [] : [{ callId, server, tool, outcome }],
  );
  const state =
    agentState === null ? null : 'ref' in agentState ? await payloads.get(agentState.ref) : agentState.value;
  return {
    view,
    agentState: state,
    answered,
    open: view.openCalls,
    more: { answered: view.olderCalls, open: moreOpen },
  };
}
