import { setTimeout as delay } from 'node:timers/promises';
import type { SessionHandle } from '../../client/index.ts';
import { CustodyError, type ErrorCode } from '../../protocol/errors.ts';
import { IDENTITY } from '../../protocol/errors/identity/proofs.ts';
import { sha256Hex } from '../../protocol/values/digest.ts';
import { type Caller, keyOfCaller } from '../auth/caller.ts';

/** How long a request waits for its caller to stand on record, in milliseconds; no worker may be there to note it. */
const PATIENCE = 5000;

/** Why a session does not know whoever comes, or may not let that one in. */
const isRefused = (error: unknown): error is CustodyError =>
  error instanceof CustodyError && (Object.keys(IDENTITY) as ErrorCode[]).includes(error.code);

/**
 * That a caller came to a session: an `attach` under one id for each token, so that it stands on record once, however
 * many processes it comes by. With a gateway that signs, it is proven who calls from then on.
 */
export class Arrival {
  readonly #session: SessionHandle;
  readonly #caller: Caller;
  #noted: Promise<void> | undefined;

  constructor(session: SessionHandle, caller: Caller) {
    this.#session = session;
    this.#caller = caller;
  }

  /**
   * Settles once it stands on record, or nobody is there to note it: then the next request tries again.
   *
   * @throws CustodyError where it was refused for who it is: PROOF_MISSING, ROLE_MISSING and the like
   */
  async noted(): Promise<void> {
    this.#noted ??= this.#note();
    await Promise.race([this.#noted, delay(PATIENCE, undefined, { ref: false })]);
  }

  async #note(): Promise<void> {
    const { issuer, subject, token } = this.#caller;
    const reason = `${subject} came by token ${token} of ${issuer}`;
    const commandId = `token/${sha256Hex(keyOfCaller(this.#caller)).slice(0, 32)}`;
    try {
      await this.#session.attach({ commandId, reason }).catch((error: unknown) => {
        // An id that was refused once, as by a gateway that could not sign, stays refused.
        if (isRefused(error)) return this.#session.attach({ reason });
        throw error;
      });
    } catch (error) {
      this.#noted = undefined;
      if (isRefused(error)) throw error;
    }
  }
}
