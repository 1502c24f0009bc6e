import { CustodyError } from '../../protocol/errors.ts';
import { NOTE_BYTES, parseNote } from '../tlog/note/note.ts';
import { base64Of, bytesOf, fromBase64, numberIn, textOf } from '../tlog/note/text.ts';
import { HASH_BYTES } from '../tlog/tree/hashing.ts';
import { PROOF_HASHES } from '../tlog/tree/verify.ts';

/** What logs and witnesses say to each other (c2sp.org/tlog-witness). */

/** The largest answers that are read, in bytes: cosignatures, and a size. */
export const COSIGNATURES_BYTES = 16 * 1024;
export const SIZE_BYTES = 32;

/** The largest request that a witness reads, in bytes. */
export const REQUEST_BYTES = NOTE_BYTES + 8192;

/** The body of `add-checkpoint`. @param old the size that the witness knows; its proof is empty where that is 0 */
export function checkpointRequest(old: number, proof: readonly Uint8Array[], checkpoint: Uint8Array): Uint8Array {
  const head = bytesOf([`old ${old}`, ...proof.map(base64Of), '', ''].join('\n'));
  const body = new Uint8Array(head.length + checkpoint.length);
  body.set(head);
  body.set(checkpoint, head.length);
  return body;
}

/** What a log asks of a witness. */
export interface AddCheckpoint {
  readonly old: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
}

/** The parts of such a body. @throws CustodyError NOTE_MALFORMED */
export function parseCheckpointRequest(body: Uint8Array): AddCheckpoint {
  const text = body.length > REQUEST_BYTES ? undefined : textOf(body);
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) throw malformed('it has no empty line before a checkpoint');
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const old = first.startsWith('old ') ? numberIn(first.slice('old '.length)) : undefined;
  if (old === undefined) throw malformed('its first line does not name the old size');
  const proof = lines.map(fromBase64).filter((hash) => hash?.length === HASH_BYTES) as Uint8Array[];
  if (proof.length !== lines.length || proof.length > PROOF_HASHES) throw malformed('its proof is none');
  const checkpoint = bytesOf(text.slice(end + 2));
  parseNote(checkpoint);
  return { old, proof, checkpoint };
}

/** The size that a witness says it knows; undefined where it says none. */
export function sizeIn(body: Uint8Array): number | undefined {
  const text = textOf(body) ?? '';
  return text.endsWith('\n') ? numberIn(text.slice(0, -1)) : undefined;
}

const malformed = (why: string): CustodyError =>
  new CustodyError('NOTE_MALFORMED', `This is not a request for a cosignature: ${why}.`);
