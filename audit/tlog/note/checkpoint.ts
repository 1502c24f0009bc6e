import { CustodyError } from '../../../protocol/errors.ts';
import { HASH_BYTES } from '../tree/hashing.ts';
import type { Head } from '../tree/verify.ts';
import type { Verifier } from './keys.ts';
import { type Verified, verifyNote } from './verify.ts';
import { base64Of, fromBase64, numberIn } from './text.ts';

/** What a log says of itself at one size (c2sp.org/tlog-checkpoint). */
export interface Checkpoint extends Head {
  /** Which log. */
  readonly origin: string;
  /** Further lines, which have no meaning here. */
  readonly extensions: readonly string[];
}

/** The text of a checkpoint, to be signed. @throws CustodyError NOTE_MALFORMED */
export function checkpointText({ origin, size, root, extensions = [] }: Unextended): string {
  const text = `${[origin, size, base64Of(root), ...extensions].join('\n')}\n`;
  const { origin: again } = parseCheckpoint(text);
  if (again !== origin) throw malformed('its origin has more than one line');
  return text;
}

type Unextended = Omit<Checkpoint, 'extensions'> & Partial<Pick<Checkpoint, 'extensions'>>;

/** The checkpoint in the text of a note. @throws CustodyError NOTE_MALFORMED */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', decimal = '', base64 = '', ...more] = text.split('\n');
  if (more.pop() !== '') throw malformed('it does not have three whole lines');
  const size = numberIn(decimal);
  const root = fromBase64(base64);
  if (origin === '') throw malformed('it names no origin');
  if (size === undefined) throw malformed('its size is no whole number below 2^53 without leading zeros');
  if (root?.length !== HASH_BYTES) throw malformed('its root is not a SHA-256 in base64');
  if (more.includes('')) throw malformed('a line of it is empty');
  return { origin, size, root, extensions: more };
}

/** A checkpoint, and whose signatures under it are good. */
export interface VerifiedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly verified: readonly Verified[];
}

/** Whose checkpoint is expected. */
export interface Trust {
  /** The first line of the checkpoints of the log. */
  readonly origin: string;
  /** Keys of the log: one of them must have signed. */
  readonly keys: readonly Verifier[];
  /** Keys that may have signed as well. */
  readonly witnesses?: readonly Verifier[];
}

/**
 * Reads a signed checkpoint of one log. Whether enough of its witnesses are among `verified` is for the caller to say.
 *
 * @throws CustodyError as `verifyNote`; NOTE_UNSIGNED where witnesses signed, and the log did not; NOTE_MALFORMED where
 *   it is no checkpoint, or of another log
 */
export async function verifyCheckpoint(
  note: Uint8Array,
  { origin, keys, witnesses = [] }: Trust,
): Promise<VerifiedCheckpoint> {
  const { text, verified } = await verifyNote(note, [...keys, ...witnesses]);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin)
    throw malformed(`it is of ${JSON.stringify(checkpoint.origin.slice(0, 200))}, not of ${JSON.stringify(origin)}`);
  if (!verified.some(({ verifier }) => keys.includes(verifier)))
    throw new CustodyError('NOTE_UNSIGNED', 'Witnesses that are trusted have signed it, and no key of the log has.');
  return { checkpoint, verified };
}

const malformed = (why: string): CustodyError =>
  new CustodyError('NOTE_MALFORMED', `This is not the checkpoint that is expected: ${why}.`);
