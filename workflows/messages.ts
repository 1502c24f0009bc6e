import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AttachReply, AskedReply, CallReply, CommandReply } from '../protocol/replies.ts';
import type { ServerPin } from '../protocol/calls/call.ts';
import type { Carried } from '../session/capacity/carried.ts';
import type { OutsideName } from '../protocol/commands.ts';
import type { Refusal } from '../protocol/errors.ts';
import type { NamespaceLeaf, NamespaceLogState } from '../protocol/evidence/namespaceLog.ts';
import type { Listed } from '../protocol/evidence/listed.ts';
import type { OrderReply } from '../protocol/evidence/orders.ts';
import type { Sealed } from '../protocol/evidence/sealed.ts';
import type { RollbackOutline } from '../session/undo/outline.ts';
import type { SessionView } from '../protocol/view.ts';
import type { Deliveries } from '../session/notices/delivery/state.ts';
import type { Finding, WatchState } from '../session/watcher/watch.ts';

/** Every message of a session, declared once and imported by both sides. */

export const WORKFLOW_TYPE = 'custodySession';

export const commandUpdate = (name: Exclude<OutsideName, 'call'>) => defineUpdate<CommandReply, [unknown]>(name);
export const commandSignal = (name: Exclude<OutsideName, 'call'>) => defineSignal<[unknown]>(name);
export const attachUpdate = defineUpdate<AttachReply, [unknown]>('attach');
export const callUpdate = defineUpdate<AskedReply, [unknown]>('call');

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

/** Of an instant, in epoch milliseconds; else of the last event: what a session costs goes on without any. */
export const describeQuery = defineQuery<SessionView, [number?]>('describe');
/** The servers of the session, with the tools that it pinned. */
export const pinsQuery = defineQuery<{ readonly [server: string]: ServerPin }>('pins');
/** The reply to a call as of now; null when the session does not know the call id. */
export const callQuery = defineQuery<CallReply | null, [string]>('call');
/** What a rollback to a checkpoint, or to the start (null), would have to undo. */
export const rollbackQuery = defineQuery<RollbackOutline | Refusal, [string | null]>('rollback');

/**
 * How long a worker may take over one task of a session or the watcher, as to replay a whole run on a busy machine; so
 * long, too, such a task is stuck that a worker had in its hands as it died. Runs keep it as they continue as new.
 * Measured: docs/decisions/0019-task-timeout.md.
 */
export const TASK_TIMEOUT = '20s';

/** The watcher: what was done to sessions in Temporal past them. */
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

/** Delivers the notices of one session. */
export const NOTICES_TYPE = 'custodyNotices';
const NOTICES_OF = 'custody-notices/';
export const noticesId = (sessionId: string): string => `${NOTICES_OF}${sessionId}`;
/** Whose notices a workflow of this id delivers: nothing else says so. */
export const sessionOfNotices = (workflowId: string): string => workflowId.slice(NOTICES_OF.length);
export interface NoticesInput {
  /** From the run before. */
  readonly state?: Deliveries;
  /** Events after which it continues as new; see LIMITS.eventsPerRun. */
  readonly eventsPerRun?: number;
}
/** `PassedOn`, from a worker that passes notices of the session on. */
export const noticesSignal = defineSignal<[unknown]>('notices');

/** Seals the records of one session, for as long as there are new ones. */
export const SEAL_TYPE = 'custodySeal';
const SEAL_OF = 'custody-seal/';
export const sealId = (sessionId: string): string => `${SEAL_OF}${sessionId}`;
/** Whose records a workflow of this id seals: nothing else says so. */
export const sessionOfSeal = (workflowId: string): string => workflowId.slice(SEAL_OF.length);
export interface SealInput {
  /** From the run before. */
  readonly sealed?: Sealed;
  /** What the log of the namespace has of it. */
  readonly listed?: Listed;
}
/** There is something new; anybody may say so. */
export const lookSignal = defineSignal('look');
/** Seals what there is now, and answers once that is done. */
export const sealUpdate = defineUpdate<Sealed>('seal');

/** Writes the log of a namespace and task queue: what was sealed of which session, and a heartbeat each hour. */
export const NAMESPACE_LOG_TYPE = 'custodySealLog';
export const namespaceLogId = (taskQueue: string): string => `custody-seal-log/${taskQueue}`;
export interface NamespaceLogInput {
  /** From the run before. */
  readonly state?: NamespaceLogState;
  /** Leaves that wait. */
  readonly leaves?: readonly NamespaceLeaf[];
  /** Leaves that are written, and may be written already. */
  readonly writing?: readonly NamespaceLeaf[];
  /** Events after which it continues as new; see LIMITS.eventsPerRun. */
  readonly eventsPerRun?: number;
}
/** Leaves for the log, from a worker that sealed something. */
export const leavesSignal = defineSignal<[unknown]>('leaves');
/** An `EvidenceOrder`, signed. */
export const orderUpdate = defineUpdate<OrderReply, [unknown]>('order');
