/** What people and programs may be to sessions. */
export const ROLES = ['agent', 'operator', 'approver', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a principal vouches for as it signs for somebody else: that the actor is the subject of a token that was shown
 * to it. The token itself stands nowhere.
 */
export interface Vouched {
  /** Who says so of the subject: `custody` for an API key of the deployment. */
  readonly issuer: string;
  /** Id of the token, which is no secret. */
  readonly token: string;
  readonly person: string;
  readonly roles: readonly Role[];
}

/** What is sent to prove who asks. */
export interface Proof {
  /** Id of the key; see `keyIdOf`. */
  readonly key: string;
  /** When it was signed, epoch milliseconds. */
  readonly at: number;
  /** Ed25519 over `signedText`, in hex. */
  readonly signature: string;
}

/** The same of a command, which somebody else may sign. */
export interface CommandProof extends Proof {
  /** Where the key is not the actor's own. */
  readonly vouched?: Vouched;
}

/** A proof as a session got it, with what it has to be a proof of. */
export interface SentProof extends CommandProof {
  /** Of all fields that came with it; see `fieldsDigest`. */
  readonly digest: string;
}

/** Who is behind a name, as a worker found it. */
export interface Proven {
  /** Several names and keys may be of one person. */
  readonly person: string;
  readonly roles: readonly Role[];
  readonly key: string;
  /** Hash of the list of principals that was looked at. */
  readonly list: string;
}

/** How a name stands on record: did whoever used it prove who it is? */
export type Standing = 'proven' | 'claimed';

export const standingOf = (proven: Proven | undefined): Standing => (proven ? 'proven' : 'claimed');
