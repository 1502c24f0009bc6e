import type { WorkerIdentity } from '../../protocol/call.ts';

/** What becomes of a session whose stateful server is lost with all that it knew (D7). */
export const WHEN_LOST = ['reopen', 'pause'] as const;
export type WhenLost = (typeof WHEN_LOST)[number];

/** A worker's connection to a stateful server, for one session: a process, or an HTTP protocol session. */
export interface Lease {
  /** Random: names this one connection, and no other ever. */
  readonly lease: string;
  /** Calls that the worker makes at once on the connections it holds. */
  readonly slots: number;
  readonly whenLost: WhenLost;
}

/** A lease, and who holds it. */
export interface HeldLease extends Lease {
  readonly holder: WorkerIdentity;
}

/**
 * The worker that holds a stateful server of a session, and so the only one that can make calls on it (D7). No part of
 * what a session pins and compares: it changes whenever the server is opened again.
 */
export interface Binding extends Lease {
  readonly worker: string;
  readonly boot: string;
  /** Openings of the server in this session, from 1. */
  readonly generation: number;
  /** A lost one is opened again when a call wants it. */
  readonly phase: 'held' | 'lost' | 'reopening';
  /** Why it was lost. */
  readonly why?: string;
}

export type Bindings = { readonly [server: string]: Binding };

/** Server names come from outside: only own properties count. */
export const bindingOf = ({ bindings }: { readonly bindings: Bindings }, server: string): Binding | undefined =>
  Object.hasOwn(bindings, server) ? bindings[server] : undefined;
