import { CustodyError } from '../../../protocol/errors.ts';
import { cosignedMessage, timedIn } from './cosignature.ts';
import { isSigned } from './ed25519.ts';
import { COSIGNATURE, type Verifier } from './keys.ts';
import { type Note, NOTE_BYTES, type NoteSignature, parseNote } from './note.ts';
import { bytesOf } from './text.ts';

/** A signature that is good, and whose it is. */
export interface Verified {
  readonly verifier: Verifier;
  /** Of a cosignature: when its witness says that it made it, in seconds since 1970. */
  readonly time: number | null;
}

/** A note that at least one key which is trusted has signed. */
export interface VerifiedNote {
  readonly text: string;
  /** In the order of the note; each key once. */
  readonly verified: readonly Verified[];
  /** Of keys that are not known: they say nothing. */
  readonly unknown: readonly NoteSignature[];
}

/**
 * Verifies a note against the keys that are trusted. A key counts for its name and id together, and only once.
 *
 * @throws CustodyError NOTE_MALFORMED; NOTE_SIGNATURE_INVALID where one of these keys did not make what bears its
 *   name; NOTE_UNSIGNED where none of them signed
 */
export async function verifyNote(
  note: Note | Uint8Array,
  verifiers: readonly Verifier[],
  maxBytes: number = NOTE_BYTES,
): Promise<VerifiedNote> {
  const { text, signatures } = note instanceof Uint8Array ? parseNote(note, maxBytes) : note;
  const verified = new Map<Verifier, Verified>();
  const unknown: NoteSignature[] = [];
  for (const signature of signatures) {
    const verifier = verifierFor(signature, verifiers);
    if (verifier === undefined) unknown.push(signature);
    else if (!verified.has(verifier)) verified.set(verifier, await verifiedBy(verifier, text, signature));
  }
  if (verified.size === 0)
    throw new CustodyError(
      'NOTE_UNSIGNED',
      `None of the ${verifiers.length} keys that are trusted has signed it. Signatures are there of ` +
        `${
          unknown
            .slice(0, 5)
            .map(({ name, id }) => `${name}+${id}`)
            .join(', ') || 'nobody'
        }.`,
    );
  return { text, verified: [...verified.values()], unknown };
}

function verifierFor({ name, id }: NoteSignature, verifiers: readonly Verifier[]): Verifier | undefined {
  const [found, other] = verifiers.filter((each) => each.name === name && each.id === id);
  if (other === undefined) return found;
  throw new CustodyError('NOTE_KEY_INVALID', `Two keys that are trusted have the same name and id: ${name}+${id}.`);
}

async function verifiedBy(verifier: Verifier, text: string, { signature }: NoteSignature): Promise<Verified> {
  const { name, id, type, publicKey } = verifier;
  if (type === COSIGNATURE) {
    const timed = timedIn(signature);
    if (timed && (await isSigned(cosignedMessage(text, timed.time), timed.signature, publicKey)))
      return { verifier, time: timed.time };
  } else if (await isSigned(bytesOf(text), signature, publicKey)) return { verifier, time: null };
  throw new CustodyError('NOTE_SIGNATURE_INVALID', `The signature of ${name}+${id} does not fit the text above it.`);
}
