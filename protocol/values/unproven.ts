/**
 * What a worker says of a payload that did not carry the authentication of its deployment, to those who decode it. Only
 * the worker's codec says so, after it took away whatever the payload said of itself; so nobody can claim the opposite.
 */
export interface Unproven {
  /** Why it is not taken for the deployment's own, as a sentence. */
  readonly why: string;
  /** The key that it names and that this worker has not. */
  readonly missing?: string;
  /** Epoch milliseconds until which the operator lets payloads count that carry no authentication at all. */
  readonly until?: number;
}

/** The name of the mark in a payload's metadata, as JSON. */
export const UNPROVEN = 'custody-unproven';

/** The encoding of a payload that could not be opened: its data says why. */
export const UNREADABLE = 'custody/unreadable';

/** Where a decoded object has the mark. No JSON can hold it. */
const MARK = Symbol.for('custody.unproven');

/** Puts the mark on a value, where it is an object. */
export function markUnproven<T>(value: T, mark: Unproven): T {
  if (typeof value === 'object' && value !== null) Object.defineProperty(value, MARK, { value: mark });
  return value;
}

/**
 * The mark on a value as it was decoded, which its copies lose; undefined where it was authenticated, or nobody asks
 * for that.
 */
export const unprovenIn = (value: unknown): Unproven | undefined =>
  typeof value === 'object' && value !== null ? (value as { [MARK]?: Unproven })[MARK] : undefined;

/** Does it count all the same? @param at when it was made or came, by Temporal's clock, in epoch milliseconds */
export const countsAnyway = ({ until }: Unproven, at: number): boolean => until !== undefined && at < until;

/** The member of an activity's input that says for whom it was made. */
export const ASKER = 'custody/asker';

/** Who asks for an activity: an input that was copied from one run, or for one activity, is good for no other. */
export interface Asker {
  readonly runId: string;
  /** Id of the first run of its chain: a reset goes on in it under another run id. */
  readonly chain: string;
  /** Type of the activity. */
  readonly activity: string;
}
