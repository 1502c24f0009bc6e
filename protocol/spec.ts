import type { Json, JsonObject } from './values/json.ts';
import type { Ref } from './values/payload.ts';

/** What a user starts a session with (E6). Servers, tools and profiles are the operator's: a spec only names them. */
export interface SessionSpec {
  readonly agent: { readonly id: string; readonly version: string };
  /** Name of a governance profile in custody.yaml. */
  readonly profile: string;
  /** Names of servers in custody.yaml. */
  readonly servers: readonly string[];
  /** Parts of the profile, tightened; as written, checked by the worker against the profile. */
  readonly overrides?: JsonObject;
  readonly labels?: { readonly [name: string]: string };
  readonly plan?: readonly PlanStep[];
  /** Stay RUNNING for outside callers after the plan is done. Without a plan a session always does. */
  readonly keepOpen?: boolean;
}

/** A plan runs its steps in order; the members of a parallel group run together. */
export type PlanStep = PlanLeaf | PlanParallel | PlanCheckpoint | PlanRollback;
export type PlanLeaf = PlanCall | PlanWait;

export interface PlanCall {
  /** `server.tool`; the server's name ends at the first dot. */
  readonly call: string;
  /** May hold references to earlier results: `${name.path.to.0.part}`. */
  readonly args?: { readonly [name: string]: Json };
  /**
   * Instead of `args`: arguments too large for history, which `start` put into the payload store (D13). They hold no
   * references.
   */
  readonly argsRef?: Ref;
  /** The name under which later steps refer to the result. */
  readonly as?: string;
  /**
   * When the call ends in anything but success: end the session as FAILED (default), go on, pause, or roll the session
   * back to its start.
   */
  readonly onError?: 'fail' | 'continue' | 'pause' | 'rollback';
}

export interface PlanWait {
  /** Milliseconds. */
  readonly wait: number;
}

export interface PlanParallel {
  readonly parallel: readonly PlanLeaf[];
}

export interface PlanCheckpoint {
  /** Name of the checkpoint; a session has each once. */
  readonly checkpoint: string;
}

export interface PlanRollback {
  /** A checkpoint, or `start`. */
  readonly rollback: string;
}

/** Names of checkpoints: in file names, queries and commands alike. */
export const CHECKPOINT_NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;

/** The name under which a rollback to the start of the session is asked for. */
export const START = 'start';
