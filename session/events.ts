import type { AgentState, Usage } from '../protocol/agent.ts';
import type { Asks, Continuation } from '../protocol/asks.ts';
import type { Lease } from './servers/binding.ts';
import type { Answer, Effect, ServerPin, WorkerIdentity } from '../protocol/call.ts';
import type { By, Resolution } from './commands.ts';
import type { Checkpoint } from './undo/checkpoint.ts';
import type { Refusal } from '../protocol/errors.ts';
import type { Governance } from '../protocol/governance.ts';
import type { Duty, OpenCall } from './session.ts';
import type { Ref } from '../protocol/values/payload.ts';
import type { State, StateName } from './lifecycle/states.ts';
import type { ToolResult } from '../protocol/call.ts';
import type { Remains } from './undo/log.ts';
import type { Undo, UndoPage } from '../protocol/undo.ts';

/**
 * Everything that can happen to a session. `evolve` folds them; records.ts says which stand in the audit trail by
 * themselves.
 */
export type Event =
  | {
      readonly type: 'opened';
      readonly governance: Governance;
      readonly profileHash: string;
      readonly deadlineAt: number;
    }
  | {
      readonly type: 'pinned';
      readonly servers: { readonly [name: string]: ServerPin };
      /** Differences that were accepted. */ readonly accepted: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: 'moved';
      readonly from: StateName;
      readonly to: State;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: 'commanded'; readonly name: string; readonly by: By }
  // Calls
  | { readonly type: 'callAccepted'; readonly call: OpenCall }
  | {
      readonly type: 'attemptStarted';
      readonly callId: string;
      readonly attempt: number;
      readonly effect: Effect;
      /** The connection it is bound to. */ readonly lease: string | null;
    }
  | {
      readonly type: 'attemptRepeated';
      readonly callId: string;
      readonly trouble: Refusal;
      readonly retryAt: number;
      readonly spent: boolean;
      /** It was, or may have been, sent. */ readonly sent: boolean;
      readonly undo?: Undo;
    }
  | { readonly type: 'callInDoubt'; readonly callId: string; readonly trouble: Refusal; readonly undo?: Undo }
  | { readonly type: 'callAsks'; readonly callId: string; readonly asks: Asks }
  | { readonly type: 'askRefused'; readonly callId: string; readonly methods: readonly string[] }
  | {
      readonly type: 'callResponded';
      readonly callId: string;
      readonly continues: Continuation;
      readonly by: string;
      readonly reason: string;
      readonly retryAt: number;
    }
  | { readonly type: 'callResolved'; readonly callId: string; readonly as: Resolution; readonly by: By }
  | { readonly type: 'callEnded'; readonly answer: Answer; readonly at: number }
  // Time
  | { readonly type: 'warned'; readonly deadlineAt: number }
  | { readonly type: 'deadlineReached'; readonly why: 'timeout' | 'idle'; readonly graceUntil: number }
  | {
      readonly type: 'extended';
      readonly ms: number;
      readonly deadlineAt: number;
      readonly by: By;
      readonly at: number;
    }
  | { readonly type: 'deadlineShifted'; readonly ms: number; readonly deadlineAt: number }
  // Stateful servers
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
  | { readonly type: 'leaseLost'; readonly server: string; readonly lease: string; readonly why: string }
  | { readonly type: 'releasedEarly'; readonly lease: string }
  | { readonly type: 'reopenStarted'; readonly server: string }
  | { readonly type: 'reopenFailed'; readonly server: string }
  // Workers and duties
  | { readonly type: 'workerSeen'; readonly worker: WorkerIdentity }
  | {
      readonly type: 'restarted';
      readonly worker: WorkerIdentity | null;
      readonly lost: boolean;
      readonly callId: string | null;
      readonly at: number;
    }
  | { readonly type: 'lossNamed'; readonly worker: WorkerIdentity }
  | {
      readonly type: 'noted';
      readonly kind: 'audit' | 'notify' | 'runaway' | 'limit' | 'budget';
      readonly text: string;
    }
  | { readonly type: 'dutyOpened'; readonly duty: Duty }
  | { readonly type: 'checked'; readonly duties: readonly Duty[]; readonly over24h: boolean }
  // Undoing
  | {
      readonly type: 'effectMade';
      readonly callId: string;
      readonly server: string;
      readonly tool: string;
      readonly undo: Undo;
      readonly at: number;
    }
  | { readonly type: 'checkpointed'; readonly checkpoint: Checkpoint }
  | { readonly type: 'rollbackBegun'; readonly to: string | null; readonly floor: number }
  | { readonly type: 'undone'; readonly n: number; readonly what: string; readonly how: string }
  | {
      readonly type: 'notUndone';
      readonly n: number;
      /** The last entry that it speaks of, downwards. */ readonly downTo: number;
      readonly remains: Remains;
    }
  /** Entries down to this one need no step of their own: they are undone already. */
  | { readonly type: 'undoSkipped'; readonly to: number }
  | { readonly type: 'pageRead'; readonly page: UndoPage }
  | { readonly type: 'pageWritten'; readonly ref: Ref; readonly upTo: number }
  | {
      readonly type: 'rollbackEnded';
      readonly to: string | null;
      readonly undone: number;
      readonly remaining: number;
      readonly shown: readonly string[];
    }
  // Size
  /** What the session carries, as it was measured; until then it was estimated from above. */
  | { readonly type: 'weighed'; readonly bytes: number }
  // Agents from outside
  | { readonly type: 'attached'; readonly by: By; readonly at: number }
  | { readonly type: 'stateSaved'; readonly state: AgentState; readonly by: By }
  | { readonly type: 'recorded'; /** The sum of the session with it. */ readonly usage: Usage; readonly by: By }
  | { readonly type: 'agentSeen'; readonly at: number }
  | { readonly type: 'agentLost'; readonly at: number; readonly text: string }
  | { readonly type: 'agentBack'; readonly at: number; readonly by: string }
  // Runs that Temporal ended or began anew (L11)
  | { readonly type: 'wasReset'; readonly at: number }
  | {
      readonly type: 'forked';
      readonly parent: string;
      readonly at: string;
      readonly actor: string;
      readonly reason: string;
    }
  | { readonly type: 'recovered'; readonly from: string; readonly actor: string; readonly reason: string }
  // Plan
  | { readonly type: 'planWaits'; readonly member: number; readonly until: number }
  | {
      readonly type: 'planMemberDone';
      readonly member: number;
      readonly as?: string;
      readonly result?: ToolResult | null;
    }
  | { readonly type: 'planAdvanced' };
