import { RESERVED_ACTORS } from '../by.ts';
import type { Role } from './standing.ts';

/** Who there is. */

/** Somebody under a name, with the keys that prove it. */
export interface Principal {
  /** The person, or the service, behind the name: one person under two names is one. */
  readonly person: string;
  readonly roles: readonly Role[];
  readonly keys: readonly PrincipalKey[];
  /** It may sign for others, by tokens that they show it, within its own roles. */
  readonly vouches?: true;
}

export interface PrincipalKey {
  /** See `keyIdOf`. */
  readonly id: string;
  /** Ed25519, SubjectPublicKeyInfo in base64. */
  readonly publicKey: string;
  /** Epoch milliseconds: valid from then on, and before then; null is always. */
  readonly from: number | null;
  readonly until: number | null;
  readonly revoked: boolean;
}

export interface PrincipalList {
  /** SHA-256 of the RFC 8785 form of the principals. */
  readonly hash: string;
  readonly principals: { readonly [name: string]: Principal };
}

/**
 * A narrow set of characters, so that no two names look the same: no capitals, nothing beyond ASCII, and of what still
 * looks alike one list has one (`lookOf`).
 */
export const PRINCIPAL_NAME = /^[a-z0-9](?:[a-z0-9._@-]{0,61}[a-z0-9])?$/;

/** Names that nobody can have: of the session itself, of Temporal's own cancel, and of who says no name. */
export const RESERVED_NAMES: readonly string[] = [...RESERVED_ACTORS, 'unknown'];

/** How a name looks in most typefaces: the same for `bob` and `b0b`, `carl` and `car1`, `tim` and `tirn`. */
export const lookOf = (name: string): string =>
  name.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('rn', 'm').replaceAll('vv', 'w');
