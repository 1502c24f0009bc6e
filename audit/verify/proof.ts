import { bytesOf, textOf } from '../tlog/note/text.ts';
import { parseProof, type ProofFile } from '../tlog/note/proofFile.ts';
import { isIncluded } from '../tlog/tree/verify.ts';
import { HASHER } from '../tlog/tree/hashing.ts';
import { sha256 as portable } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { EvidenceRecord } from '../read/record.ts';
import type { Leaf, Opening } from '../seal/leaf.ts';
import { CHECKPOINT } from '../seal/paths.ts';
import type { Trust } from './bundle.ts';
import { type Context, whyOf } from './context.ts';
import { Findings } from './findings.ts';
import { canonicalIn } from './json.ts';
import { leafIn, misplaced } from './leaves.ts';
import { isOpening, recordOf } from './openings.ts';
import { logOf, signedCheckpoint } from './signatures.ts';
import type { Verification } from './verify.ts';
import { checkWitnesses } from './witnesses.ts';

/**
 * What the proof of one record carries as its extra data: the leaf as it stands in the log and, on a line of its own,
 * its opening. RFC 8785 has no newlines, so that a shell can take them apart.
 */
export const extraOf = (leaf: Uint8Array, opening: Uint8Array | undefined): Uint8Array =>
  bytesOf([textOf(leaf), ...(opening ? [textOf(opening)] : [])].join('\n'));

/**
 * Verifies the proof of one record (c2sp.org/tlog-proof with `extraOf`), which needs nothing beside it. It throws for
 * nothing that a file can hold.
 */
export async function verifyRecord(bytes: Uint8Array, trust: Trust): Promise<Verification> {
  const findings = new Findings();
  const tools = { sha256: trust.sha256 ?? portable, hasher: trust.hasher ?? HASHER };
  const proof = parsed(bytes, findings);
  const bundle = {
    get: (path: string) => Promise.resolve(path === CHECKPOINT ? proof?.checkpoint : undefined),
    async *list() {},
  };
  const context: Context = { bundle, trust, findings, ...tools };
  const checkpoint = proof && (await signedCheckpoint(context));
  const log = checkpoint ? logOf(checkpoint.value) : null;
  if (log && trust.origin !== undefined && log.origin !== trust.origin)
    findings.add('ORIGIN_DIFFERS', `it is of ${JSON.stringify(log.origin)}, not of ${trust.origin}`);
  const leaf = proof && log ? includedLeaf(context, proof, log) : undefined;
  const record = proof && leaf && openedIn(context, proof, leaf);
  const signed = { listed: null, log, text: checkpoint?.text ?? '' };
  const witnessed = await checkWitnesses(context, signed, { listed: new Map(), get: () => Promise.resolve(undefined) });
  return {
    isSound: !findings.isBroken,
    findings: findings.list,
    counts: Object.fromEntries(findings.counts),
    log,
    files: 0,
    opened: record ? 1 : 0,
    derived: 0,
    witnessed,
    sealed: proof && log ? [{ leaf, record }] : [],
  };
}

function parsed(bytes: Uint8Array, findings: Findings): ProofFile | undefined {
  try {
    return parseProof(bytes);
  } catch (error) {
    return void findings.add('TREE_INVALID', whyOf(error));
  }
}

const NEWLINE = '\n'.charCodeAt(0);

/** The two lines of the extra data. */
function linesIn({ extra = new Uint8Array() }: ProofFile): readonly [leaf: Uint8Array, opening: Uint8Array | null] {
  const end = extra.indexOf(NEWLINE);
  return end < 0 ? [extra, null] : [extra.subarray(0, end), extra.subarray(end + 1)];
}

function includedLeaf(
  { findings, hasher }: Context,
  proof: ProofFile,
  log: NonNullable<Verification['log']>,
): Leaf | undefined {
  const [entry] = linesIn(proof);
  const { index: seq } = proof;
  if (!isIncluded(hasher.leaf(entry), seq, { size: log.size, root: hexToBytes(log.root) }, proof.hashes, hasher))
    return void findings.add('TREE_INVALID', 'the proof does not lead from the record to the root', { seq });
  const leaf = leafIn(entry);
  if (!leaf) return void findings.add('LEAF_MALFORMED', 'it is no record in RFC 8785 form', { seq });
  const why = misplaced(leaf, seq, log.origin);
  if (why !== undefined) findings.add('LEAF_MISPLACED', why, { seq });
  return leaf;
}

function openedIn({ findings, sha256 }: Context, proof: ProofFile, leaf: Leaf): EvidenceRecord | undefined {
  const { seq } = leaf;
  const [, bytes] = linesIn(proof);
  if (!bytes) return void findings.add('WITHHELD', 'the contents of the record are not in the file', { seq });
  const opening: unknown = canonicalIn(bytes);
  const salt = isOpening(opening) ? saltOf(opening) : undefined;
  const record = salt && recordOf(leaf, opening as Opening, salt, sha256);
  if (record) return record;
  return void findings.add('OPENING_INVALID', 'its contents are not those that were sealed', { seq });
}

const saltOf = ({ salt }: Opening): Uint8Array | undefined =>
  /^[0-9a-f]{64}$/.test(salt) ? hexToBytes(salt) : undefined;
