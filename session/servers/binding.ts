import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import type { Lease } from '../../protocol/calls/lease.ts';

/** A lease, and who holds it. */
export interface HeldLease extends Lease {
  readonly holder: WorkerIdentity;
}

/**
 * The worker that holds a stateful server of a session, and so the only one that can make calls on it. No part of what
 * a session pins and compares: it changes whenever the server is opened again.
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
  /** The session is on another worker: calls go to the holder's own queue. */
  readonly isApart: boolean;
}

export type Bindings = { readonly [server: string]: Binding };

/** Server names come from outside: only own properties count. */
export const bindingOf = ({ bindings }: { readonly bindings: Bindings }, server: string): Binding | undefined =>
  Object.hasOwn(bindings, server) ? bindings[server] : undefined;

/** The worker of a binding, as far as the session knows it. */
export const holderOf = ({ worker, boot }: Binding): WorkerIdentity => ({ name: worker, boot, afterDrain: false });
