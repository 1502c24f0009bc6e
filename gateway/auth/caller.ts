import type { Role } from '../../protocol/identity/standing.ts';

/** Who asks over HTTP, as a token says it. */
export interface Caller {
  /** Who says so: `custody` for an API key of this deployment, else the issuer of the token. */
  readonly issuer: string;
  /** By the issuer's word; the actor on record. */
  readonly subject: string;
  /** The person or service behind it. */
  readonly person: string;
  /** Of the token: no secret, and enough to revoke it by. */
  readonly token: string;
  readonly roles: readonly Role[];
  /** The one session that it may enter; any where it is not there. */
  readonly session?: string;
}

/** Tells callers from each other, for limits and for what is kept of them. */
export const keyOfCaller = ({ issuer, subject, token }: Caller): string => JSON.stringify([issuer, subject, token]);

/** May a caller know that there is such a session? */
export const mayEnter = ({ session }: Caller, id: string): boolean => session === undefined || session === id;
