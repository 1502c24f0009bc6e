import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { keyIdOf } from '../../config/public-key.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { fieldsDigest, signedText, type Statement } from '../../protocol/identity/proof.ts';
import type { CommandProof, Vouched } from '../../protocol/identity/standing.ts';

/** What a command is a command of. */
export type Subject = Pick<Statement, 'namespace' | 'session' | 'act' | 'commandId' | 'actor'>;

/** A private key in this process. It signs, and is never shown. */
export class Signer {
  readonly id: string;
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
    this.id = keyIdOf(publicKeyOf(key));
  }

  /** @param fields all that is sent, as JSON. @param vouched where the actor is not whose key this is */
  prove(subject: Subject, fields: object, vouched?: Vouched): CommandProof {
    const at = Date.now();
    const digest = fieldsDigest({ ...fields });
    const more = vouched ? { vouched } : {};
    const text = signedText({ ...subject, key: this.id, at, digest, ...more });
    const signature = sign(null, Buffer.from(text, 'utf8'), this.#key).toString('hex');
    return { key: this.id, at, signature, ...more };
  }
}

/** SubjectPublicKeyInfo in base64, as the list of principals has it. */
export const publicKeyOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

/**
 * The key in a file that `custody keys new` made.
 * @throws CustodyError KEY_UNUSABLE, which shows nothing of the file
 */
export function readKey(path: string): Signer {
  let pem: Buffer;
  try {
    pem = readFileSync(path);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CustodyError('KEY_UNUSABLE', `The key ${path} cannot be read (${code}).`);
  }
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What the parser says may repeat a part of the file.
  }
  if (key?.asymmetricKeyType === 'ed25519') return new Signer(key);
  throw new CustodyError(
    'KEY_UNUSABLE',
    `The file ${path} holds ${key ? `a key of type ${key.asymmetricKeyType}` : 'no private key without a password'}.`,
  );
}
