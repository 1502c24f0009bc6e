import type { Proven, SentProof } from './identity/standing.ts';

/** Who wants something, and why. `actor` is claimed, unless it is proven. */
export interface By {
  readonly actor: string;
  readonly reason: string;
  /** Repeats of one id are one command. */
  readonly commandId: string;
  /** As it came: says nothing until a worker has checked it. */
  readonly proof?: SentProof;
  /** What the worker found. */
  readonly proven?: Proven;
}

/** The same once its proof was checked, or as if it had none. */
export function withoutProof(by: By, proven?: Proven): By {
  const { actor, reason, commandId } = by;
  return { actor, reason, commandId, ...(proven ? { proven } : {}) };
}

/** What stands for a reason where none was given. */
export const NO_REASON = '(no reason given)';

/** Who acts when nobody asked: the session itself. */
export const CUSTODY = 'custody';

/** Actors that no outsider can claim to be: the session itself, and Temporal's own cancel. */
export const RESERVED_ACTORS: readonly string[] = [CUSTODY, 'temporal'];
