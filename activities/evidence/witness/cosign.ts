import { checkpointRequest, COSIGNATURES_BYTES, SIZE_BYTES, sizeIn } from '../../../audit/witness/tlogWitness.ts';
import type { Verifier } from '../../../audit/tlog/note/keys.ts';
import { type NoteSignature, parseNote, signatureIn } from '../../../audit/tlog/note/note.ts';
import { verifyNote } from '../../../audit/tlog/note/verify.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { post } from './post.ts';

/** A witness of logs of the operator's choice (c2sp.org/tlog-witness). */
export interface WitnessPlace {
  /** The submission prefix: `/add-checkpoint` comes behind it. */
  readonly url: string;
  /** Its keys for cosignatures. */
  readonly keys: readonly Verifier[];
}

/** A checkpoint that is to be cosigned. */
export interface Submission {
  /** The signed note. */
  readonly checkpoint: Uint8Array;
  /** Of the tree of the checkpoint. */
  readonly size: number;
  /** The size that the witness is thought to know; 0 where nobody knows. */
  readonly known: number;
  /** The consistency proof from a smaller tree to that of the checkpoint. */
  readonly proofFrom: (earlier: number) => Promise<readonly Uint8Array[]>;
}

/** A witness that knows another size is asked again this often: others may have been there in between. */
const TRIES = 3;

/**
 * Has a witness cosign a checkpoint; each signature is verified before it is taken. A witness that knows another size
 * than thought says so, and is asked again from there.
 *
 * @returns lines for the note, of keys that are known; never none
 * @throws CustodyError WITNESS_UNAVAILABLE where it may pass; WITNESS_REFUSED, NOTE_MALFORMED, NOTE_UNSIGNED,
 *   NOTE_SIGNATURE_INVALID; whatever `proofFrom` throws
 */
export async function cosigned(
  { url, keys }: WitnessPlace,
  { checkpoint, size, known, proofFrom }: Submission,
): Promise<readonly NoteSignature[]> {
  const { text } = parseNote(checkpoint);
  const { host } = new URL(url);
  let from = known;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const proof = from === 0 || from === size ? [] : await proofFrom(from);
    const answer = await post(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      type: 'text/plain; charset=utf-8',
      body: checkpointRequest(from, proof, checkpoint),
      most: COSIGNATURES_BYTES,
      statuses: [409],
    });
    if (answer.status === 200) return verified(answer.body, text, keys);
    const told = answer.type === SIZE_TYPE && answer.body.length <= SIZE_BYTES ? sizeIn(answer.body) : undefined;
    if (told === undefined || told === from)
      throw new CustodyError('WITNESS_REFUSED', `The witness ${host} knows another tree of size ${from}.`);
    if (told > size)
      throw new CustodyError(
        'WITNESS_REFUSED',
        `The witness ${host} knows a tree of size ${told}, larger than the ${size} of this checkpoint.`,
      );
    from = told;
  }
  throw new CustodyError('WITNESS_UNAVAILABLE', `The witness ${host} knows another size each time it is asked.`);
}

const SIZE_TYPE = 'text/x.tlog.size';

async function verified(body: Uint8Array, text: string, keys: readonly Verifier[]): Promise<readonly NoteSignature[]> {
  const lines = new TextDecoder().decode(body).split('\n');
  if (lines.pop() !== '')
    throw new CustodyError('NOTE_MALFORMED', 'The answer of a witness does not end with a whole line.');
  const signatures = lines.map(signatureIn);
  const { verified: good } = await verifyNote({ text, signatures }, keys);
  // Of each key the first line, which is the one that was verified.
  return good.map(({ verifier }) => signatures.find(({ name, id }) => name === verifier.name && id === verifier.id)!);
}
