import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Proven, Standing } from '../../protocol/identity/standing.ts';
import type { Layer } from '../../protocol/records.ts';
import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { AuditKind, EvidenceRecord } from '../read/record.ts';
import type { Sha256 } from '../tlog/tree/hashing.ts';
import { shownOf } from './shown.ts';

/**
 * A record as it is sealed: without what may be personal or secret, to which it is committed. What it shows holds when
 * the rest is erased.
 */
export interface Leaf {
  readonly v: 1;
  /** Its index in the log of the session, from 0. */
  readonly seq: number;
  readonly session: string;
  readonly run: string;
  readonly events: readonly number[];
  readonly at: string;
  readonly layer: Layer;
  readonly kind: AuditKind;
  readonly n: number | null;
  readonly standing: Standing | null;
  readonly call: string | null;
  readonly shown: { readonly [name: string]: Json };
  /** SHA-256, in hex, of a salt and the RFC 8785 form of the rest. */
  readonly sealed: string;
}

/** What a leaf is committed to. */
export interface Opening {
  /** 32 bytes, in hex. */
  readonly salt: string;
  readonly by: string | null;
  readonly proof: Proven | null;
  readonly data: Json;
}

/**
 * @param salt 32 bytes that nobody can guess
 * @returns the leaf, and its opening in RFC 8785 form
 */
export function leafOf(
  record: EvidenceRecord,
  seq: number,
  salt: Uint8Array,
  sha256: Sha256,
): { readonly leaf: Leaf; readonly opening: string } {
  const { v, session, run, events, at, layer, kind, n, standing, call, by, proof } = record;
  const rest = canonical({ by, proof, data: record.data } as unknown as Json);
  const sealed = commitment(salt, rest, sha256);
  const shown = shownOf(record);
  return {
    leaf: { v, seq, session, run, events, at, layer, kind, n, standing, call, shown, sealed },
    // Of the names of its members, `salt` comes last.
    opening: `${rest.slice(0, -1)},"salt":"${bytesToHex(salt)}"}`,
  };
}

/** The record that was sealed; null where the opening is not that of the leaf. */
export function opened(leaf: Leaf, opening: Opening, salt: Uint8Array, sha256: Sha256): EvidenceRecord | null {
  const { by, proof, data } = opening;
  const { seq: _seq, shown, sealed, ...place } = leaf;
  if (commitment(salt, canonical({ by, proof, data } as unknown as Json), sha256) !== sealed) return null;
  const record = { ...place, by, proof, data } as unknown as EvidenceRecord;
  return canonical(shownOf(record)) === canonical(shown) ? record : null;
}

/** Does a leaf say that the contents of its session were erased? */
export const isErasure = (leaf: Leaf | undefined): boolean =>
  leaf?.kind === 'evidence' && leaf.shown['act'] === 'erase';

/** The last leaf of a session itself: what was done to its evidence after that says which. */
export const beforeOrders = (last: Leaf): Pick<Leaf, 'kind' | 'at'> =>
  last.kind === 'evidence' ? (last.shown['after'] as unknown as Leaf) : { kind: last.kind, at: last.at };

/** Is a session over by its last leaf? */
export const isLast = (last: Leaf | undefined): boolean =>
  last !== undefined && (isErasure(last) || beforeOrders(last).kind === 'ended');

/** A leaf as it stands in the log: RFC 8785. */
export const leafBytes = (leaf: Leaf): Uint8Array => utf8ToBytes(canonical(leaf as unknown as Json));

const commitment = (salt: Uint8Array, rest: string, sha256: Sha256): string =>
  bytesToHex(sha256(concatBytes(salt, utf8ToBytes(rest))));
