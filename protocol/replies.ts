import type { AgentState } from './agent.ts';
import type { Answer } from './calls/call.ts';
import type { Said } from './calls/said.ts';
import type { Refusal } from './errors.ts';
import type { Proven } from './identity/standing.ts';
import type { SessionView } from './view.ts';

/** A command that was accepted. `record` is its number in the audit trail. */
export interface Accepted {
  readonly ok: true;
  readonly state: string;
  readonly record: number;
  /** It takes effect once others approve it: the id of what they are asked. */
  readonly approval?: string;
  /** How many others. */
  readonly persons?: number;
  /** After `extend`, the new deadline, ISO 8601. */
  readonly deadlineAt?: string;
  /** Of an actor who proved who it is. */
  readonly proof?: Proven;
}

/** The answer to a command. */
export type CommandReply =
  Accepted | { readonly ok: false; readonly refusal: Refusal; readonly record: number; readonly proof?: Proven };

/**
 * What an agent that attaches is told. Of the calls the view has the last 50 that ended and the first 50 that are open,
 * without what servers ask in them.
 */
export type AttachReply =
  | (Extract<CommandReply, { ok: true }> & {
      readonly view: SessionView;
      readonly agentState: AgentState | null;
      /** Open calls beyond those. */
      readonly moreOpen: number;
    })
  | Extract<CommandReply, { ok: false }>;

/** A parked call is accepted and waits; its caller asks again with the same call id. */
export type CallReply =
  | {
      readonly status: 'answered';
      readonly answer: Answer;
      /** What the server said last, where the caller wanted to hear it and the run still has it. */
      readonly said?: Said;
    }
  | {
      readonly status: 'parked';
      readonly why:
        'running' | 'paused' | 'awaiting_approval' | 'awaiting_input' | 'in_doubt' | 'checking' | 'continuing';
    }
  | { readonly status: 'refused'; readonly refusal: Refusal; readonly record: number };

/**
 * The reply to an ask for a call. Temporal gives who asks a second time under one update id the outcome of the first:
 * `to` is the command id of the ask that was refused.
 */
export type AskedReply =
  Exclude<CallReply, { status: 'refused' }> | (Extract<CallReply, { status: 'refused' }> & { readonly to: string });
