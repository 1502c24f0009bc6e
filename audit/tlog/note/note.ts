import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { CustodyError } from '../../../protocol/errors.ts';
import { isKeyName } from './keys.ts';
import { base64Of, bytesOf, fromBase64, textOf } from './text.ts';

/** A signature as a note has it: who signed is said by name and id, and proven by nobody yet. */
export interface NoteSignature {
  readonly name: string;
  /** Of the key, eight hexadecimal digits. */
  readonly id: string;
  /** What the key made of the text; its form depends on its type. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** A text with signatures under it (c2sp.org/signed-note). */
export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The largest note that is read, in bytes, unless more is asked for. */
export const NOTE_BYTES = 1024 * 1024;

/** The most signatures of a note; more are not read. */
export const NOTE_SIGNATURES = 100;

const DASH = '\u2014 ';
const ID_BYTES = 4;
const SPACE = ' '.charCodeAt(0);
const NEWLINE = '\n'.charCodeAt(0);

/** Reads a note; verifies nothing. @throws CustodyError NOTE_MALFORMED */
export function parseNote(bytes: Uint8Array, maxBytes: number = NOTE_BYTES): Note {
  if (bytes.length > maxBytes) throw malformed(`it has ${bytes.length} bytes, more than the ${maxBytes} that are read`);
  if (bytes.some((byte) => byte < SPACE && byte !== NEWLINE)) throw malformed('it has control characters');
  const whole = textOf(bytes);
  if (whole === undefined) throw malformed('it is not UTF-8');
  const blank = whole.lastIndexOf('\n\n');
  if (blank < 0) throw malformed('no blank line stands before its signatures');
  const lines = whole.slice(blank + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw malformed('it does not end with whole lines of signatures');
  if (lines.length > NOTE_SIGNATURES) throw malformed(`it has more than ${NOTE_SIGNATURES} signatures`);
  return { text: whole.slice(0, blank + 1), signatures: lines.map(signatureIn) };
}

/** One line of a signature, without its newline. @throws CustodyError NOTE_MALFORMED */
export function signatureIn(line: string): NoteSignature {
  const [name = '', base64 = '', ...more] = line.slice(DASH.length).split(' ');
  const bytes = fromBase64(base64);
  if (!line.startsWith(DASH) || !isKeyName(name) || more.length > 0 || bytes === undefined || bytes.length <= ID_BYTES)
    throw malformed('a line of its signatures is not a dash, a name and base64');
  return { name, id: bytesToHex(bytes.subarray(0, ID_BYTES)), signature: bytes.slice(ID_BYTES) };
}

/** The line of a signature, with its newline. */
export const signatureLine = ({ name, id, signature }: NoteSignature): string =>
  `${DASH}${name} ${base64Of(concatBytes(hexToBytes(id), signature))}\n`;

/** The bytes of a note. @throws CustodyError NOTE_MALFORMED for one that could not be read again */
export function noteBytes({ text, signatures }: Note): Uint8Array<ArrayBuffer> {
  checkText(text);
  const bytes = bytesOf(`${text}\n${signatures.map(signatureLine).join('')}`);
  parseNote(bytes, bytes.length);
  return bytes;
}

/** Whether a text can be that of a note. @throws CustodyError NOTE_MALFORMED */
export function checkText(text: string): void {
  if (!text.endsWith('\n')) throw malformed('its text does not end with a newline');
  if (!text.isWellFormed()) throw malformed('its text has half a character');
  if (bytesOf(text).some((byte) => byte < SPACE && byte !== NEWLINE))
    throw malformed('its text has control characters');
}

const malformed = (why: string): CustodyError =>
  new CustodyError('NOTE_MALFORMED', `This is not a signed note: ${why}.`);
