import { type AgentLife, type AgentState, NO_USAGE, type Usage } from '../protocol/agent.ts';
import type { Asks, Continuation } from '../protocol/asks.ts';
import type { Bindings } from './servers/binding.ts';
import type { Answer, CallOutcome, CallRequest, Effect, ReadMethod, ServerPin, ToolPin } from '../protocol/call.ts';
import { type Counts, NO_COUNTS } from './capacity/counts.ts';
import type { Checkpoint } from './undo/checkpoint.ts';
import type { Refusal } from '../protocol/errors.ts';
import type { Governance } from '../protocol/governance.ts';
import { LIMITS } from '../protocol/limits.ts';
import { hasOlder, type OlderIds } from './capacity/olderIds.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import type { State } from './lifecycle/states.ts';
import type { ToolResult } from '../protocol/call.ts';
import { EMPTY_LOG, type RollbackProgress, type UndoLog } from './undo/log.ts';
import type { Undo } from '../protocol/undo.ts';
import { weigh } from './capacity/weight.ts';

/** A call that was accepted and has no outcome yet. Its place in `Session.open` is its place in the queue. */
export interface OpenCall extends CallRequest {
  readonly phase: 'queued' | 'running' | 'awaiting_input' | 'in_doubt';
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
  /** Not before this instant; 0 is at once. */
  readonly retryAt: number;
  /** Why the last attempt did not settle the call. */
  readonly trouble?: Refusal;
  /** What an attempt that was, or may have been, sent found out before. Of a compensation: what it does. */
  readonly undo?: Undo;
  /** Number of the entry of the undo log that this call undoes. */
  readonly compensates?: number;
  /** What the server asked; there while the call is `awaiting_input`. */
  readonly asks?: Asks;
  /** What the next attempt goes on with, once somebody answered. */
  readonly continues?: Continuation;
  /** The connection that its last attempt was bound to, if to any. */
  readonly lease?: string | null;
}

/** A call that ended. `answer.result` is left out where the answer is no longer kept. */
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
  readonly answer: Answer | null;
}

export interface PlanProgress {
  /** Index of the step under way; the length of the plan when it is done. */
  readonly cursor: number;
  /** Members of the current step that are done. */
  readonly done: readonly number[];
  /** Members of the current step that wait, and until when. */
  readonly waits: { readonly [member: string]: number };
  /** How often the plan was set back to a checkpoint: steps that are done again are new calls. */
  readonly round?: number;
  /** Results that later steps refer to. */
  readonly results: { readonly [name: string]: ToolResult | null };
}

/** Something that must be checked before the session may end or go on (P4). */
export interface Duty {
  readonly kind: 'restart' | 'rollback' | 'over-24h';
  readonly since: number;
}

/** Everything a session is, as JSON: the state that `evolve` folds and that continue-as-new carries. */
export interface Session {
  readonly version: 1;
  readonly id: string;
  readonly spec: SessionSpec;
  readonly state: State;
  readonly startedAt: number;
  /** Null until INIT has loaded the profile. */
  readonly governance: Governance | null;
  readonly profileHash: string;
  readonly servers: { readonly [name: string]: ServerPin };
  /** Who holds the stateful ones of them. */
  readonly bindings: Bindings;
  /** Leases that were given up before the session knew that it holds them: an opening was under way. */
  readonly releasedEarly: readonly string[];
  /** Absolute instants in epoch milliseconds (D6). */
  readonly clock: {
    readonly deadlineAt: number;
    readonly warned: boolean;
    /** Set from the deadline on, until an extension is approved. */
    readonly graceUntil: number | null;
    /** Sum of all extensions. */
    readonly extended: number;
    readonly lastCallAt: number;
  };
  readonly open: readonly OpenCall[];
  /** The last calls that ended, oldest first, and the ids of all calls that ended before them (E4). */
  readonly ended: readonly EndedCall[];
  readonly endedBytes: number;
  readonly counts: Counts;
  readonly older: OlderIds;
  /** Short digests of the last command ids that took effect: a repeat of one is answered and changes nothing. */
  readonly commands: readonly string[];
  /** The same for what agents send all the time, so that it drives no command of a person out. */
  readonly agentCommands: readonly string[];
  /** What an agent saved of its own state; a checkpoint keeps it. */
  readonly agentState: AgentState | null;
  readonly agent: AgentLife;
  /** What agents recorded, in sum. */
  readonly usage: Usage;
  /** Worker names seen, with the last boot of each. */
  readonly workers: { readonly [name: string]: string };
  /** The last boots that are known to be gone: what still comes in from one, or of its loss, is no other restart. */
  readonly goneBoots: readonly string[];
  /** A loss was recorded whose worker is not known. */
  readonly lostUnseen: boolean;
  /** The last attempt that was recorded as lost with its worker; `unnamed` until another one names that worker. */
  readonly lastLoss: { readonly at: number; readonly unnamed: boolean } | null;
  readonly restarts: number;
  readonly duties: readonly Duty[];
  readonly checkedOver24h: boolean;
  readonly plan: PlanProgress | null;
  readonly undo: UndoLog;
  readonly checkpoints: readonly Checkpoint[];
  /** Of the rollback under way. */
  readonly rollback: RollbackProgress | null;
  /** Rollbacks begun so far. */
  readonly rollbacks: number;
  /**
   * Bytes that a next run would carry whatever is left behind, as last weighed and with all that came in since: never
   * less (weight.ts).
   */
  readonly weight: number;
  /**
   * Since when the session runs from an earlier point of its history, and so knows only a part of what it did; null for
   * a session that does not.
   */
  readonly resetAt: number | null;
  /** The session and the checkpoint that it was forked from (L9). */
  readonly parent: { readonly id: string; readonly at: string } | null;
}

/** A session before anything happened to it. */
export function newSession(id: string, spec: SessionSpec, startedAt: number): Session {
  const session = empty(id, spec, startedAt);
  return { ...session, weight: weigh(session) };
}

/** The same before it is weighed. */
export const empty = (id: string, spec: SessionSpec, startedAt: number): Omit<Session, 'weight'> => ({
  version: 1,
  id,
  spec,
  state: { name: 'INIT' },
  startedAt,
  governance: null,
  profileHash: '',
  servers: {},
  bindings: {},
  releasedEarly: [],
  clock: { deadlineAt: 0, warned: false, graceUntil: null, extended: 0, lastCallAt: startedAt },
  open: [],
  ended: [],
  endedBytes: 0,
  counts: NO_COUNTS,
  older: {},
  commands: [],
  agentCommands: [],
  agentState: null,
  agent: { seenAt: null, lostAt: null },
  usage: NO_USAGE,
  workers: {},
  goneBoots: [],
  lostUnseen: false,
  lastLoss: null,
  restarts: 0,
  duties: [],
  checkedOver24h: false,
  plan: spec.plan ? { cursor: 0, done: [], waits: {}, results: {} } : null,
  undo: EMPTY_LOG,
  checkpoints: [],
  rollback: null,
  rollbacks: 0,
  resetAt: null,
  parent: null,
});

export const isRunning = (call: OpenCall): boolean => call.phase === 'running';

export const hasRunning = (session: Session): boolean => session.open.some(isRunning);

/**
 * Is the next attempt of this call made though the session starts no new calls? It is the rest of a call that has
 * begun: while a session that is to complete waits for it, and to end one whose server still waits for a response.
 */
export const goesOn = ({ state }: Session, { phase, continues }: OpenCall): boolean =>
  phase === 'queued' &&
  continues !== undefined &&
  (continues.withdrawn === true || (state.name === 'AUDIT' && state.then.name === 'COMPLETED'));

export const hasEnded = ({ ended, older }: Session, callId: string): boolean =>
  ended.some((call) => call.callId === callId) || hasOlder(older, callId);

/** What every method but `tools/call` runs under: it is no tool, so no definition is pinned for it. */
const READ: ToolPin = { hash: '', effect: 'read-only', timeout: LIMITS.toolTimeout };

/**
 * What a call runs under: its tool as it is pinned, or what holds for its method. Names come from outside: only own
 * properties count.
 */
export function termsOf(
  { servers }: Session,
  { server, tool, method }: Pick<CallRequest, 'server' | 'tool' | 'method'>,
): ToolPin | undefined {
  const pin = Object.hasOwn(servers, server) ? servers[server] : undefined;
  if (pin && method !== undefined) return READ;
  return pin && Object.hasOwn(pin.tools, tool) ? pin.tools[tool] : undefined;
}

export const openBytes = (session: Session): number => session.open.reduce((sum, call) => sum + call.bytes, 0);
