import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { SavedState } from '../../protocol/agent.ts';
import type { CallOutcome } from '../../protocol/call.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/governance.ts';
import { type Json, problemOfJson } from '../../protocol/values/json.ts';
import type { PayloadStore } from '../../protocol/values/payload.ts';
import type { OpenCallView, SessionView } from '../../session/view.ts';
import { type AttachReply, commandSignal } from '../../workflows/messages.ts';
import { persist } from '../temporal/persist.ts';

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

/**
 * A state as a command carries it: small ones as they are, others put into the store.
 * @throws CustodyError STATE_TOO_LARGE, MALFORMED_COMMAND, STORE_UNAVAILABLE
 */
export async function carried(
  state: Json,
  payloads: PayloadStore,
): Promise<{ readonly state: Json } | { readonly stateRef: Extract<SavedState, { ref: unknown }>['ref'] }> {
  const copy = copyOf(state);
  const bytes = byteLength(JSON.stringify(copy));
  if (bytes > LIMITS.agentStateBytes)
    throw new CustodyError(
      'STATE_TOO_LARGE',
      `The state is ${bytes} bytes, and a session keeps ${LIMITS.agentStateBytes}.`,
    );
  return bytes <= LIMITS.inlineStateBytes ? { state: copy } : { stateRef: await payloads.put(copy) };
}

function copyOf(state: Json): Json {
  let text: string | undefined;
  try {
    text = JSON.stringify(state);
  } catch (error) {
    throw new CustodyError('MALFORMED_COMMAND', `The state is no JSON: ${(error as Error).message}.`, { cause: error });
  }
  const copy = text === undefined ? undefined : (JSON.parse(text) as Json);
  const problem = copy === undefined ? 'it is no JSON value' : problemOfJson(copy);
  if (problem) throw new CustodyError('MALFORMED_COMMAND', `The state cannot be saved: ${problem}.`);
  return copy as Json;
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

/** Says that the agent is there. A signal: it waits for no worker. */
export const beat = (client: Client, id: string, actor: string): Promise<void> =>
  persist(
    () => client.workflow.getHandle(id).signal(commandSignal('heartbeat'), { actor, commandId: randomUUID() }),
    id,
  );

/**
 * Beats at once and at intervals, until it is stopped, the session has ended, or the process has nothing else to do.
 */
export function keepBeating(beatOnce: () => Promise<void>, everyMs: number): () => void {
  let isOut = false;
  const stop = (): void => clearInterval(timer);
  const tick = (): void => {
    if (isOut) return;
    isOut = true;
    // A beat that is missed is made up by the next one; what else is wrong the agent learns from its calls.
    beatOnce()
      .catch((error: unknown) => {
        if (error instanceof CustodyError && (error.code === 'SESSION_CLOSED' || error.code === 'SESSION_NOT_FOUND'))
          stop();
      })
      .finally(() => {
        isOut = false;
      });
  };
  const timer = setInterval(tick, everyMs);
  timer.unref();
  tick();
  return stop;
}
