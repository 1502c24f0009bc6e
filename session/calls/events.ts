import type { Asks, Continuation, Given } from '../../protocol/calls/asks.ts';
import type { Answer, Effect } from '../../protocol/calls/call.ts';
import type { Resolution } from '../../protocol/commands.ts';
import type { By } from '../../protocol/by.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Undo } from '../../protocol/calls/undo.ts';
import type { Reservation } from '../money/state.ts';
import type { OpenCall, QueuedCall } from './state.ts';

/** What can happen to a call. */
export type CallEvent =
  | { readonly type: 'callAccepted'; readonly call: QueuedCall }
  | {
      readonly type: 'attemptStarted';
      readonly callId: string;
      readonly attempt: number;
      readonly effect: Effect;
      /** The connection that it is bound to. */
      readonly lease: string | null;
      /** It is no compensation, and not the first: it counts towards the limits. */
      readonly isRepeat: boolean;
      /** Absent where nothing of it has a price. */
      readonly reserved?: Reservation;
    }
  | {
      readonly type: 'attemptRepeated';
      readonly callId: string;
      readonly trouble: Refusal;
      readonly retryAt: number;
      readonly spent: boolean;
      /** It was, or may have been, sent. */
      readonly sent: boolean;
      readonly undo?: Undo;
    }
  | { readonly type: 'callInDoubt'; readonly callId: string; readonly trouble: Refusal; readonly undo?: Undo }
  | { readonly type: 'callAsks'; readonly callId: string; readonly asks: Asks }
  | {
      readonly type: 'callRespondedInPart';
      readonly callId: string;
      readonly responses: readonly Given[];
      readonly by: string;
      readonly reason: string;
    }
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
  /** `call`: as it was open. */
  | { readonly type: 'callEnded'; readonly call: OpenCall; readonly answer: Answer; readonly at: number }
  /** A command of this actor was refused. `until`: when it is heard again; null for what does not count in a row. */
  | {
      readonly type: 'refused';
      readonly actor: string;
      readonly code: string;
      readonly until: number | null;
      readonly about?: string;
    };
