import { PRINCIPAL, principalOf } from '../../protocol/identity/principal.ts';
import type { Role } from '../../protocol/identity/standing.ts';
import { sha256Hex } from '../../protocol/values/digest.ts';

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
  /** The one session that it may enter. */
  readonly session?: string;
  /** What the sessions are labelled with that it may enter, by the name of the label. */
  readonly labels?: { readonly [name: string]: string };
}

/** What says whose a session is; summaries of sessions have it. */
export interface Owned {
  readonly startedBy: string | null;
  /** `name=value` each. */
  readonly labels: readonly string[];
}

/** Says whose a session is; undefined where there is none. @throws CustodyError TEMPORAL_UNAVAILABLE */
export interface Ownership {
  ownedAs(id: string): Promise<Owned | undefined>;
}

/** Who says who holds an API key: this deployment. */
export const API_KEYS = 'custody';

/** Tells callers from each other, for limits and for what is kept of them. */
export const keyOfCaller = ({ issuer, subject, token }: Caller): string => JSON.stringify([issuer, subject, token]);

/** May a caller know that there is such a session? No more than false of one that is not there. */
export const mayEnter = async (caller: Caller, id: string, sessions: Ownership): Promise<boolean> => {
  if (caller.session !== undefined) return caller.session === id;
  const owned = await sessions.ownedAs(id);
  return owned !== undefined && mayKnow(caller, id, owned);
};

/**
 * The same of a session that is there: a token that is bound to a session enters that one, a token with labels those
 * that bear them all. Of the others, one that is only an agent's enters its subject's own, and the rest any.
 */
export function mayKnow(caller: Caller, id: string, { startedBy, labels }: Owned): boolean {
  if (caller.session !== undefined) return caller.session === id;
  if (caller.labels) return Object.entries(caller.labels).every(([name, value]) => labels.includes(`${name}=${value}`));
  return caller.roles.some((role) => role !== 'agent') || isOwn(caller, { startedBy, labels });
}

/** Was it started for the caller? Without a token it was by the name alone, which is of those who hold API keys. */
export function isOwn({ issuer, subject }: Caller, { startedBy, labels }: Owned): boolean {
  if (labels.includes(`${PRINCIPAL}=${principalOf(issuer, subject)}`)) return true;
  return issuer === API_KEYS && startedBy === subject && !labels.some((label) => label.startsWith(`${PRINCIPAL}=`));
}

/** Whom something is for that outlives a token: a principal in a session. */
export const holderOf = ({ issuer, subject }: Caller, session: string): string =>
  sha256Hex(JSON.stringify([issuer, subject, session]));
