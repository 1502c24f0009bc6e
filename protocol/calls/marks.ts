import type { CallProgress } from './call.ts';
import type { WorkerIdentity } from '../workers/worker.ts';
import type { PolicyDecision } from './policy.ts';
import type { Said } from './said.ts';
import type { Undo } from './undo.ts';

/** The part of a heartbeat that says how far a call is, in words of its server. */
export interface ProgressMark {
  readonly progress?: CallProgress & { readonly callId: string };
  /** What its server said last, where the caller wants to hear it. */
  readonly said?: Said;
}

/** What a heartbeat of a call says: who runs it, and whether its bytes may have left. */
export interface SendingMark extends ProgressMark {
  readonly sending: boolean;
  /** It came by the way of all heartbeats of the attempt: none begun before it can come after it. */
  readonly inOrder?: true;
  /** How to undo the call, as far as that was known before it was sent. */
  readonly undo?: Undo;
  /** What rules said of it, where the session has any: before the bytes left. */
  readonly decision?: PolicyDecision;
  readonly worker: WorkerIdentity;
}
