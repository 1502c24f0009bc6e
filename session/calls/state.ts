import type { Asks, Continuation } from '../../protocol/calls/asks.ts';
import type { Answer, CallOutcome, CallRequest, Effect, ReadMethod } from '../../protocol/calls/call.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/calls/policy.ts';
import type { Undo } from '../../protocol/calls/undo.ts';
import type { Reservation } from '../money/state.ts';
import { hasOlder, type OlderIds } from './ledger/olderIds.ts';

/** The calls of a session: those that have no outcome yet, and those that have. */
export interface Calls {
  /** In the order in which they were accepted, which is that of the queue. */
  readonly open: readonly OpenCall[];
  /** The last calls that ended, oldest first, and the ids of all calls that ended before them. */
  readonly ended: readonly EndedCall[];
  readonly endedBytes: number;
  readonly older: OlderIds;
  readonly refusals: Refusals;
}

export const NO_CALLS: Calls = {
  open: [],
  ended: [],
  endedBytes: 0,
  older: {},
  refusals: { total: 0, codes: {}, row: null },
};

/** A call that was accepted and has no outcome yet: one shape for each phase of its life. */
export type OpenCall = QueuedCall | RunningCall | ApprovalCall | AskingCall | DoubtfulCall;

/** What is known of an open call in every phase. */
export interface AcceptedCall extends CallRequest {
  readonly actor: string;
  /** First 128 bits of the SHA-256 of what the caller asked, to tell a repeat from another call under the same id. */
  readonly digest: string;
  readonly bytes: number;
  /** As of the last attempt: the class under which it may have been sent. */
  readonly effect: Effect;
  readonly acceptedAt: number;
  /** Attempts begun so far. */
  readonly attempts: number;
  /** Attempts that failed or may have been sent: what the limit of attempts counts. */
  readonly spent: number;
  /** An attempt was, or may have been, sent, and its answer is not known. */
  readonly sent: boolean;
  /** What an attempt that was, or may have been, sent found out before. Of a compensation: what it does. */
  readonly undo?: Undo;
  /** Number of the entry of the undo log that this call undoes. */
  readonly compensates?: number;
  /** Persons approved it. */
  readonly grant?: Grant;
  /** For the attempt under way, or in doubt. */
  readonly reserved?: Reservation;
}

/** Waits for its next attempt. */
export interface QueuedCall extends AcceptedCall {
  readonly phase: 'queued';
  /** Not before this instant; 0 is at once. */
  readonly retryAt: number;
  /** Why the attempt before did not settle it; null before the first. */
  readonly trouble: Refusal | null;
  readonly rest: Rest | null;
}

/** An attempt is under way. */
export interface RunningCall extends AcceptedCall {
  readonly phase: 'running';
  /** The connection that the attempt is bound to, if to any. */
  readonly lease: string | null;
  readonly rest: Rest | null;
}

/** Rules want persons to approve it before it is sent. */
export interface ApprovalCall extends AcceptedCall {
  readonly phase: 'awaiting_approval';
  /** Id of what they are asked. */
  readonly approval: string;
  readonly rest: Rest | null;
}

/** Its server wants to know something from a person. */
export interface AskingCall extends AcceptedCall {
  readonly phase: 'awaiting_input';
  readonly asks: Asks;
  /** Of the attempt in which it asked. */
  readonly lease: string | null;
}

/** An attempt may have had its effect, and nobody knows: a person has to say. */
export interface DoubtfulCall extends AcceptedCall {
  readonly phase: 'in_doubt';
  readonly trouble: Refusal;
}

/** What an attempt goes on with, once what the server asked was answered. */
export interface Rest {
  readonly continuation: Continuation;
  /** Of the attempt in which the server asked. */
  readonly lease: string | null;
}

/** A call that ended. */
export interface EndedCall {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  readonly method?: ReadMethod;
  readonly actor: string;
  readonly effect: Effect;
  readonly digest: string;
  /** Bytes of the kept answer, 0 when it was dropped. */
  readonly bytes: number;
  readonly outcome: CallOutcome;
  readonly attempts: number;
  /** When it ended, epoch milliseconds; not known of those that ended before that was kept. */
  readonly at?: number;
  readonly connection?: string;
  /** A rollback took its effect back. */
  readonly undone?: true;
  /** Null where it is no longer kept. */
  readonly answer: Answer | null;
}

/** What was refused so far. */
export interface Refusals {
  readonly total: number;
  readonly codes: { readonly [code: string]: number };
  /** Of one caller in a row, and until when the next is not taken. */
  readonly row: { readonly actor: string; readonly times: number; readonly until: number } | null;
}

/** Was it not begun, or is it not yet begun again? */
export const isWaiting = (call: OpenCall): call is QueuedCall | ApprovalCall =>
  call.phase === 'queued' || call.phase === 'awaiting_approval';

export const isRunning = (call: OpenCall): call is RunningCall => call.phase === 'running';

export const hasRunning = ({ open }: Pick<Calls, 'open'>): boolean => open.some(isRunning);

export const hasEnded = ({ ended, older }: Pick<Calls, 'ended' | 'older'>, callId: string): boolean =>
  ended.some((call) => call.callId === callId) || hasOlder(older, callId);

export const openBytes = ({ open }: Pick<Calls, 'open'>): number => open.reduce((sum, call) => sum + call.bytes, 0);

/** Why an open call is where it is, where something went wrong. */
export const troubleOf = (call: OpenCall): Refusal | null => ('trouble' in call ? call.trouble : null);

/** What its next attempt, or the one under way, goes on with. */
export const restOf = (call: OpenCall): Rest | null => ('rest' in call ? call.rest : null);
