import type { Answer, Effect, ServerPin, WorkerIdentity } from './call.ts';
import type { By, Resolution } from './commands.ts';
import type { Refusal } from './errors.ts';
import type { Governance } from './governance.ts';
import type { Duty, OpenCall } from './session.ts';
import type { State, StateName } from './state.ts';
import type { ToolResult } from './call.ts';

/** Everything that can happen to a session. `evolve` folds them; records.ts says which stand in the audit trail by themselves. */
export type Event =
  | { readonly type: 'opened'; readonly governance: Governance; readonly profileHash: string; readonly deadlineAt: number }
  | { readonly type: 'pinned'; readonly servers: { readonly [name: string]: ServerPin }; /** Differences that were accepted. */ readonly accepted: readonly string[]; readonly at: number }
  | { readonly type: 'moved'; readonly from: StateName; readonly to: State; readonly by: string; readonly reason: string }
  | { readonly type: 'commanded'; readonly name: string; readonly by: By }
  // Calls
  | { readonly type: 'callAccepted'; readonly call: OpenCall }
  | { readonly type: 'attemptStarted'; readonly callId: string; readonly attempt: number; readonly effect: Effect }
  | { readonly type: 'attemptRepeated'; readonly callId: string; readonly trouble: Refusal; readonly retryAt: number; readonly spent: boolean; /** It was, or may have been, sent. */ readonly sent: boolean }
  | { readonly type: 'callInDoubt'; readonly callId: string; readonly trouble: Refusal }
  | { readonly type: 'callResolved'; readonly callId: string; readonly as: Resolution; readonly by: By }
  | { readonly type: 'callEnded'; readonly answer: Answer; readonly at: number }
  // Time
  | { readonly type: 'warned'; readonly deadlineAt: number }
  | { readonly type: 'deadlineReached'; readonly why: 'timeout' | 'idle'; readonly graceUntil: number }
  | { readonly type: 'extended'; readonly ms: number; readonly deadlineAt: number; readonly by: By; readonly at: number }
  | { readonly type: 'deadlineShifted'; readonly ms: number; readonly deadlineAt: number }
  // Workers and duties
  | { readonly type: 'workerSeen'; readonly worker: WorkerIdentity }
  | { readonly type: 'restarted'; readonly worker: WorkerIdentity | null; readonly lost: boolean; readonly callId: string | null; readonly at: number }
  | { readonly type: 'lossNamed'; readonly worker: WorkerIdentity }
  | { readonly type: 'noted'; readonly kind: 'audit' | 'notify' | 'runaway' | 'limit'; readonly text: string }
  | { readonly type: 'dutyOpened'; readonly duty: Duty }
  | { readonly type: 'checked'; readonly duties: readonly Duty[]; readonly over24h: boolean }
  | { readonly type: 'rollbackEnded'; readonly remaining: readonly string[] }
  // Plan
  | { readonly type: 'planWaits'; readonly member: number; readonly until: number }
  | { readonly type: 'planMemberDone'; readonly member: number; readonly as?: string; readonly result?: ToolResult | null }
  | { readonly type: 'planAdvanced' };
