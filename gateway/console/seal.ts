import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/**
 * Seals short texts so that only processes with the same secret can read or make them (AES-256-GCM, a random nonce
 * each). A few thousand a day stay far below the 2^32 that one key may seal.
 */
export class Seal {
  readonly #key: Buffer;

  /**
   * @param purpose keys for different purposes are different keys
   * @param secret of all processes of the deployment; without one, what this process seals it alone can read
   */
  constructor(purpose: string, secret: string | undefined) {
    this.#key = Buffer.from(hkdfSync('sha256', secret ?? randomBytes(32), 'custody', purpose, 32));
  }

  seal(text: string): string {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
  }

  /** What was sealed; undefined for all that this key did not seal. */
  open(sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE + TAG) return undefined;
    try {
      const cipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE), { authTagLength: TAG });
      cipher.setAuthTag(bytes.subarray(-TAG));
      return Buffer.concat([cipher.update(bytes.subarray(NONCE, -TAG)), cipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
