import { CustodyError } from '../../../protocol/errors.ts';
import { HASH_BYTES, HASHER, type Hasher } from '../tree/hashing.ts';
import { isIncluded, PROOF_HASHES } from '../tree/verify.ts';
import { type Trust, type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { NOTE_BYTES, parseNote } from './note.ts';
import { base64Of, bytesOf, fromBase64, numberIn, textOf } from './text.ts';

/** A proof that an entry stands in a log, which needs nothing of the log beside it (c2sp.org/tlog-proof). */
export interface ProofFile {
  /** Of the entry, from 0. */
  readonly index: number;
  /** From the sibling of the leaf up. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, as it was written. */
  readonly checkpoint: Uint8Array;
  /** What the file carries besides. Nobody signed it. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';

/** The bytes of a proof, for a file with the extension `.tlog-proof`. @throws CustodyError LOG_MALFORMED */
export function proofBytes({ index, hashes, checkpoint, extra }: ProofFile): Uint8Array {
  const head = [
    HEADER,
    ...(extra ? [EXTRA + base64Of(extra)] : []),
    INDEX + index,
    ...hashes.map((each) => base64Of(each)),
  ];
  const bytes = bytesOf(`${head.join('\n')}\n\n${textOf(checkpoint) ?? ''}`);
  parseProof(bytes);
  return bytes;
}

/** Reads a proof; verifies nothing. @throws CustodyError LOG_MALFORMED, NOTE_MALFORMED */
export function parseProof(bytes: Uint8Array): ProofFile {
  if (bytes.length > 2 * NOTE_BYTES) throw malformed('it is too large');
  const text = textOf(bytes) ?? '';
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  if (header !== HEADER) throw malformed(`it does not begin with ${HEADER}`);
  const extra = lines[0]?.startsWith(EXTRA) ? fromBase64(lines.shift()?.slice(EXTRA.length) ?? '') : null;
  if (extra === undefined) throw malformed('its extra data is not base64');
  const [first = '', ...base64] = lines;
  const index = first.startsWith(INDEX) ? numberIn(first.slice(INDEX.length)) : undefined;
  if (index === undefined) throw malformed('it has no index');
  if (base64.length > PROOF_HASHES) throw malformed(`it has more than ${PROOF_HASHES} hashes`);
  const hashes = base64.map((each) => {
    const hash = fromBase64(each);
    if (hash?.length !== HASH_BYTES) throw malformed('a line of it is not a SHA-256 in base64');
    return hash;
  });
  const checkpoint = bytesOf(text.slice(end + 2));
  parseNote(checkpoint);
  return { index, hashes, checkpoint, ...(extra === null ? {} : { extra }) };
}

/**
 * Verifies that an entry stands in a log, and answers the checkpoint that says so.
 *
 * @param leaf the leaf hash of the entry (`Hasher.leaf`)
 * @throws CustodyError as `parseProof` and `verifyCheckpoint`; LOG_CONTRADICTS where the entry is another than that
 */
export async function verifyProof(
  file: ProofFile | Uint8Array,
  leaf: Uint8Array,
  trust: Trust,
  hasher: Hasher = HASHER,
): Promise<VerifiedCheckpoint> {
  const { index, hashes, checkpoint } = file instanceof Uint8Array ? parseProof(file) : file;
  const verified = await verifyCheckpoint(checkpoint, trust);
  if (isIncluded(leaf, index, verified.checkpoint, hashes, hasher)) return verified;
  throw new CustodyError(
    'LOG_CONTRADICTS',
    `The proof does not lead from this entry at ${index} to the root of the ${verified.checkpoint.size} entries.`,
  );
}

const malformed = (why: string): CustodyError =>
  new CustodyError('LOG_MALFORMED', `This is not a proof of a log: ${why}.`);
