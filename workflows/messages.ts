import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AgentState } from '../protocol/agent.ts';
import type { Answer, Method, ServerPin } from '../protocol/call.ts';
import type { Carried } from '../session/capacity/carried.ts';
import type { OutsideName } from '../session/commands.ts';
import type { Refusal } from '../protocol/errors.ts';
import type { ForkOf } from '../session/lifecycle/fork.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import type { Ref } from '../protocol/values/payload.ts';
import type { RollbackOutline } from '../session/undo/outline.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import type { SessionView } from '../session/view.ts';
import type { Finding, WatchState } from '../session/watcher/watch.ts';

/** Every message of a session, declared once and imported by both sides. */

export const WORKFLOW_TYPE = 'custodySession';

/**
 * How long a worker may take over one task of a session or the watcher, as to replay a whole run on a busy machine; so
 * long, too, such a task is stuck that a worker had in its hands as it died. Runs keep it as they continue as new.
 * Measured: docs/decisions/0018-task-timeout.md.
 */
export const TASK_TIMEOUT = '20s';

/** Knobs that tests turn; a session keeps them over its runs. */
export interface Tuning {
  /** See LIMITS.eventsPerRun. */
  readonly eventsPerRun?: number;
  /** See LIMITS.carriedUndoBytes. */
  readonly undoBytes?: number;
  /** How long a lost attempt's worker is asked for its outcome before the attempt is in doubt, in milliseconds. */
  readonly recallWait?: number;
}

/** Who started something, and why. */
export interface Starter {
  readonly actor: string;
  readonly reason: string;
}

/**
 * What a run begins with: a spec; the state of the run before it, from that run alone; or word that it goes on from a
 * checkpoint of another session (L9), or from the last good run of its own id (L11). That state is read by the worker,
 * so nobody can hand one in.
 */
export type SessionInput = { readonly tuning?: Tuning } & (
  | { readonly spec: SessionSpec; readonly by?: Starter }
  | { readonly carried: Carried }
  | { readonly fork: ForkOf }
  | { readonly recover: { readonly by: Starter } }
);

/** The fields that every command has. A signal may leave out all of them. */
export interface CommandInput {
  readonly actor?: string;
  readonly reason?: string;
  readonly commandId?: string;
}
export interface CallInput extends CommandInput {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  readonly args?: JsonObject;
  /** Instead of `args`: arguments too large for history, in the payload store (D13). */
  readonly argsRef?: Ref;
  readonly method?: Method;
}

/** `record` is the number of the command in the audit trail. */
export type CommandReply =
  | { readonly ok: true; readonly state: string; readonly record: number }
  | { readonly ok: false; readonly refusal: Refusal; readonly record: number };

/**
 * What an agent that attaches is told (L10). Of the calls the view has the last 50 that ended and the first 50 that are
 * open, without what servers ask in them.
 */
export type AttachReply =
  | (Extract<CommandReply, { ok: true }> & {
      readonly view: SessionView;
      readonly agentState: AgentState | null;
      /** Open calls beyond those. */ readonly moreOpen: number;
    })
  | Extract<CommandReply, { ok: false }>;

/** A parked call is accepted and waits; its caller asks again with the same call id (D4). */
export type CallReply =
  | { readonly status: 'answered'; readonly answer: Answer }
  | {
      readonly status: 'parked';
      readonly why: 'running' | 'paused' | 'awaiting_input' | 'in_doubt' | 'checking' | 'continuing';
    }
  | { readonly status: 'refused'; readonly refusal: Refusal; readonly record: number };

export const commandUpdate = (name: Exclude<OutsideName, 'call'>) => defineUpdate<CommandReply, [unknown]>(name);
export const commandSignal = (name: Exclude<OutsideName, 'call'>) => defineSignal<[unknown]>(name);
export const attachUpdate = defineUpdate<AttachReply, [unknown]>('attach');
export const callUpdate = defineUpdate<CallReply, [unknown]>('call');

/** The state of a run, for a run that goes on from it. Only workers ask. */
export const CARRIED = 'carried';
export const carriedQuery = defineQuery<Carried>(CARRIED);
/** What a query fails with while a recovered run reads its state; asked again it is answered. */
export const RECOVERING = 'the session is being recovered';
/** A fork tells its parent of itself. */
export const forkedSignal = defineSignal<[unknown]>('forked');
/**
 * From a worker that stops in order: `{ server, lease }`. Anybody may send it: the session believes it of a lease that
 * it holds, and no more.
 */
export const releasedSignal = defineSignal<[unknown]>('released');

export const describeQuery = defineQuery<SessionView>('describe');
/** The servers of the session, with the tools that it pinned. */
export const pinsQuery = defineQuery<{ readonly [server: string]: ServerPin }>('pins');
/** The reply to a call as of now; null when the session does not know the call id. */
export const callQuery = defineQuery<CallReply | null, [string]>('call');
/** What a rollback to a checkpoint, or to the start (null), would have to undo. */
export const rollbackQuery = defineQuery<RollbackOutline | Refusal, [string | null]>('rollback');

/** The watcher: what was done to sessions in Temporal past them (L11). */
export const WATCHER_TYPE = 'custodyWatcher';
export const watcherId = (taskQueue: string): string => `custody-watcher/${taskQueue}`;
/** Milliseconds between its looks: what was done is on record within five minutes, a deletion after three looks. */
export const WATCH_EVERY = 90_000;
export interface WatcherInput {
  readonly every?: number;
  /** From the run before. */
  readonly state?: WatchState;
}
/** The last findings, the oldest first; the memo `findings` has fewer and needs no worker. */
export const findingsQuery = defineQuery<readonly Finding[]>('findings');
