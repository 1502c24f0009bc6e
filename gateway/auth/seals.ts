import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { JsonObject } from '../../protocol/values/json.ts';

/** What a sealed text is for: one for one purpose is none for another. */
export type Purpose = 'session' | 'state' | 'ask' | 'login';

const WEEK = 7 * 86_400;
/** How long a sealed text is good for, in seconds. A state and an ask are of a call that may wait for days. */
export const LIFETIME = { session: WEEK, state: WEEK, ask: WEEK, login: 43_200 } as const satisfies Record<
  Purpose,
  number
>;
/** UTF-16 code units; ours are far shorter. */
const LONGEST = 4096;
const ENCRYPTION = { alg: 'dir', enc: 'A256GCM' } as const;

/**
 * Makes values into texts that a client holds and cannot read, change or make, and that another principal has no use of
 * (JWE, AES-256-GCM). Every process with the same secret opens them.
 */
export class Seals {
  readonly #key: Uint8Array;

  /** @param secret of the deployment; a random one, of this process alone, where there is none */
  constructor(secret: string | Uint8Array = randomBytes(32)) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'custody gateway seals v1', 32));
  }

  /** @param subject whom it is for; compared, and never shown */
  seal(purpose: Purpose, subject: string, value: JsonObject): Promise<string> {
    return new EncryptJWT({ value })
      .setProtectedHeader(ENCRYPTION)
      .setAudience(purpose)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME[purpose]}s`)
      .encrypt(this.#key);
  }

  /** What is in it; undefined where it was not sealed here for this purpose and subject, or is too old. */
  async open(purpose: Purpose, subject: string, text: string): Promise<JsonObject | undefined> {
    if (text.length > LONGEST) return undefined;
    const opened = await jwtDecrypt(text, this.#key, {
      audience: purpose,
      subject,
      keyManagementAlgorithms: [ENCRYPTION.alg],
      contentEncryptionAlgorithms: [ENCRYPTION.enc],
      requiredClaims: ['exp', 'iat', 'value'],
      maxDecompressedLength: 0,
    }).catch(() => undefined);
    return opened?.payload['value'] as JsonObject | undefined;
  }
}
