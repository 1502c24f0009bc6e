import { HASHER } from '../tlog/tree/hashing.ts';
import { sha256 as portable } from '@noble/hashes/sha2.js';
import type { EvidenceRecord } from '../read/record.ts';
import type { Leaf } from '../seal/leaf.ts';
import type { Bundle, Trust } from './bundle.ts';
import { checkDocuments } from './documents.ts';
import { checkFiles } from './files.ts';
import { type Finding, type FindingCode, Findings } from './findings.ts';
import { checkHistories } from './histories.ts';
import { checkLeaves } from './leaves.ts';
import { checkOpenings } from './openings.ts';
import { checkOrders } from './orders/check.ts';
import { checkSignatures } from './signatures.ts';
import { checkTree } from './tree.ts';
import { checkWitnesses, type Witnessed } from './witnesses.ts';

/** What the verification of a bundle found. */
export interface Verification {
  /** Nothing is wrong with it. What a pass does not show stands in `findings` as notes, and in docs/audit.md. */
  readonly isSound: boolean;
  readonly findings: readonly Finding[];
  /** How often each was found; `findings` has the first hundred of each. */
  readonly counts: { readonly [code in FindingCode]?: number };
  /** What is signed; null where no signature holds. */
  readonly log: { readonly origin: string; readonly size: number; readonly root: string } | null;
  readonly files: number;
  /** Records whose contents were read, and shown to be what was sealed. */
  readonly opened: number;
  /** Records that were derived again from raw histories, and are the ones that were sealed. */
  readonly derived: number;
  readonly witnessed: Witnessed;
  /** Figures of the report that was verified with it which follow from its records; absent where there was none. */
  readonly figures?: number;
  /** What was sealed, in its order; `record`: where it was opened. */
  readonly sealed: readonly Sealed[];
}

/** One record as it was sealed; `leaf` is absent where an entry is none. */
export interface Sealed {
  readonly leaf: Leaf | undefined;
  readonly record: EvidenceRecord | undefined;
}

/** Verifies a bundle, offline, against those who are trusted. It throws for nothing that a bundle can hold. */
export async function verify(bundle: Bundle, trust: Trust): Promise<Verification> {
  const findings = new Findings();
  const tools = { sha256: trust.sha256 ?? portable, hasher: trust.hasher ?? HASHER };
  const context = { bundle, trust, findings, ...tools };
  const signed = await checkSignatures(context);
  const files = await checkFiles(context, signed);
  const entries = await checkTree(context, signed, files);
  const leaves = checkLeaves(context, signed, entries);
  await checkOrders(context, signed, leaves);
  const opened = await checkOpenings(context, files, leaves);
  const derived = await checkHistories(context, files, leaves, opened);
  await checkDocuments(context, files, leaves, opened);
  const witnessed = await checkWitnesses(context, signed, files);
  return {
    isSound: !findings.isBroken,
    findings: findings.list,
    counts: Object.fromEntries(findings.counts),
    log: signed.log,
    files: files.listed.size,
    opened: opened.records.filter((each) => each !== undefined).length,
    derived,
    witnessed,
    sealed: leaves.map((leaf, seq) => ({ leaf, record: opened.records[seq] })),
  };
}
