import type { Takes } from './asks.ts';
import type { Push } from './push.ts';

/** What is known of the client of a request. */
export interface Peer {
  /** It speaks revision 2026-07-28 or later. */
  readonly isModern: boolean;
  /** What it can be asked. */
  readonly takes: Takes;
  /** It takes a task for the answer of this request. */
  readonly takesTasks?: boolean | undefined;
  /** Sends it requests, where its transport has no other way for them. */
  readonly push?: Push | undefined;
  /** Begins the ids of its calls, where one client can be told from another. */
  readonly owner?: string | undefined;
}

/** Nobody is asked over a request of this peer. */
export const unasked = (peer: Peer): Peer => ({ ...peer, isModern: false, takes: new Set(), takesTasks: false });

/** A client that came before, over another connection. */
export interface KnownClient extends Required<Pick<Peer, 'takes'>> {
  readonly owner: string;
  readonly push: Omit<Push, 'send'>;
}
