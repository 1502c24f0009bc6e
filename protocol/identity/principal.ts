import { sha256Hex } from '../values/digest.ts';

/** The label of a session that was started for whoever showed a token. What a spec says under this name is dropped. */
export const PRINCIPAL = 'principal';

/** Tells subjects of all issuers from each other, in 32 hex digits: the same name of two issuers is of two. */
export const principalOf = (issuer: string, subject: string): string =>
  sha256Hex(JSON.stringify([issuer, subject])).slice(0, 32);
