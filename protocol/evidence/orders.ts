import * as z from 'zod/mini';
import type { Refusal } from '../errors.ts';
import { anActor, aName, aText } from '../fields.ts';
import { aProof, fieldsDigest, type Statement } from '../identity/proof.ts';
import type { Proof, Proven, Role } from '../identity/standing.ts';
import { check, type Checked } from '../values/check.ts';

/** What somebody has done to the evidence of a session, signed. */

/** Who may: whoever holds evidence back is another than whoever erases it, unless one has both roles. */
export const ORDERS = {
  erase: ['operator'],
  hold: ['auditor'],
  release: ['auditor'],
} as const satisfies { readonly [act: string]: readonly Role[] };

export type OrderAct = keyof typeof ORDERS;

/** An order as it is sent; all fields but the proof are what is signed. */
export interface EvidenceOrder {
  readonly act: OrderAct;
  readonly actor: string;
  /** On record for ever, in clear. */
  readonly reason: string;
  readonly commandId: string;
  /** Erase before the retention is over. */
  readonly early?: boolean | undefined;
  /** Erase, and leave what Temporal has of the session. */
  readonly keepHistory?: boolean | undefined;
  readonly proof?: Proof | undefined;
}

/** The names of what is ordered. */
const ACTS = Object.keys(ORDERS) as OrderAct[];

const anOrder = z.strictObject({
  act: z.enum(ACTS, `must be one of ${ACTS.join(', ')}`),
  actor: anActor,
  reason: aText,
  commandId: aName,
  early: z.optional(z.boolean()),
  keepHistory: z.optional(z.boolean()),
  proof: z.optional(aProof()),
});

export const readOrder = (given: unknown): Checked<EvidenceOrder> => check(anOrder, given);

/** An order that was obeyed, as it stands on record for anybody who has its log. */
export interface Obeyed {
  readonly act: OrderAct;
  /** All that was signed but namespace and session, which the log has. */
  readonly order: Omit<EvidenceOrder, 'proof'>;
  readonly proof: Proof;
  /** Who that is, by the list of principals that a worker looked at. */
  readonly who: Proven;
  /** The key that signed, as that list has it: Ed25519, SubjectPublicKeyInfo in base64. */
  readonly publicKey: string;
  /** The last record of the session itself before it. */
  readonly after: { readonly kind: string; readonly at: string };
}

/** An order that is about to stand on record. */
export interface Intended extends Obeyed {
  /** When it came, in epoch milliseconds. */
  readonly at: number;
}

/** What was signed with an order. Throws where it holds what is no JSON. */
export const statementOf = (
  { order, proof }: Pick<Obeyed, 'order' | 'proof'>,
  place: Pick<Statement, 'namespace' | 'session'>,
): Statement => {
  const { act, actor, commandId } = order;
  return { ...place, act, actor, commandId, key: proof.key, at: proof.at, digest: fieldsDigest({ ...order }) };
};

/** What came of an order. */
export interface OrderDone {
  readonly act: OrderAct;
  /** Of the record that says so, from 0. */
  readonly record: number;
  /** Of an erasure: what went with the key. */
  readonly erased?: Erased;
}

export type OrderReply =
  { readonly ok: true; readonly done: OrderDone } | { readonly ok: false; readonly refusal: Refusal };

export interface Erased {
  /** Values of the session that were deleted from the payload store, by SHA-256. */
  readonly values: readonly string[];
  /** Values of the session that stay: others use them, or somebody did moments ago. */
  readonly kept: readonly string[];
  /** Runs that Temporal was told to delete. */
  readonly runs: number;
}
