import type { LeftOut, ServerPin } from '../../protocol/calls/call.ts';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import type { Lease } from '../../protocol/calls/lease.ts';

/** What can happen to the servers of a session and to the workers that hold them. */
export type ServerEvent =
  | {
      readonly type: 'pinned';
      readonly servers: { readonly [name: string]: ServerPin };
      /** Differences that were accepted. */
      readonly accepted: readonly string[];
      readonly at: number;
    }
  /** Tools that a server lists and that cannot be called. */
  | { readonly type: 'toolsLeftOut'; readonly server: string; readonly tools: readonly LeftOut[] }
  /** A worker holds a server, after the first time because of `why`. */
  | {
      readonly type: 'bound';
      readonly server: string;
      readonly worker: WorkerIdentity;
      readonly lease: Lease;
      readonly generation: number;
      readonly why: string;
    }
  /** It has no state of the session any more, so that any worker will do. */
  | { readonly type: 'unbound'; readonly server: string }
  /** The worker that took a call is not the one that holds its server. */
  | { readonly type: 'heldApart'; readonly server: string }
  | { readonly type: 'leaseLost'; readonly server: string; readonly lease: string; readonly why: string }
  | { readonly type: 'releasedEarly'; readonly lease: string }
  | { readonly type: 'reopenStarted'; readonly server: string }
  | { readonly type: 'reopenFailed'; readonly server: string }
  | { readonly type: 'workerSeen'; readonly worker: WorkerIdentity }
  | {
      readonly type: 'restarted';
      readonly worker: WorkerIdentity | null;
      readonly lost: boolean;
      readonly callId: string | null;
      readonly at: number;
    }
  | { readonly type: 'lossNamed'; readonly worker: WorkerIdentity };
