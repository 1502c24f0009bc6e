/** Who wants something, and why. `actor` is claimed, not proven. */
export interface By {
  readonly actor: string;
  readonly reason: string;
  /** Repeats of one id are one command. */
  readonly commandId: string;
}

/** What stands for a reason where none was given. */
export const NO_REASON = '(no reason given)';

/** Who acts when nobody asked: the session itself. */
export const CUSTODY = 'custody';

/** Actors that no outsider can claim to be: the session itself, and Temporal's own cancel. */
export const RESERVED_ACTORS: readonly string[] = [CUSTODY, 'temporal'];
