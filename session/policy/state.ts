/** The rules that decide each call of a session, and what they said so far. */
export interface Policy {
  readonly policy: PinnedPolicy | null;
  /** Calls that rules denied, in a row; an answer of a tool ends it. */
  readonly denials: number;
}

/** Rules as a session pinned them. */
export interface PinnedPolicy {
  /** SHA-256 of the RFC 8785 form of the set. */
  readonly hash: string;
}

export const NO_POLICY: Policy = { policy: null, denials: 0 };
