import { createHash, randomBytes } from 'node:crypto';
import { timestampRequest } from '../../../audit/witness/timestamp/request.ts';
import { Rejected, TIMESTAMP_BYTES } from '../../../audit/witness/timestamp/response.ts';
import { type Timestamp, verifyTimestamp } from '../../../audit/witness/timestamp/verify.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { post } from './post.ts';

/** A timestamping authority of the operator's choice. */
export interface AuthorityPlace {
  readonly url: string;
  /** Its root certificates, in PEM. */
  readonly roots: string;
}

/** Bytes of a nonce. */
const NONCE = 8;

/**
 * Has a text timestamped (RFC 3161 over HTTP), and verifies what comes back before it is taken.
 *
 * @returns the answer as the authority gave it, DER, which is what is kept; and what it says
 * @throws CustodyError WITNESS_UNAVAILABLE where it may pass; WITNESS_REFUSED, and as `verifyTimestamp`
 */
export async function timestamped(
  { url, roots }: AuthorityPlace,
  text: Uint8Array,
): Promise<{ readonly response: Uint8Array; readonly timestamp: Timestamp }> {
  const nonce = BigInt(`0x${randomBytes(NONCE).toString('hex')}`);
  const body = timestampRequest(createHash('sha256').update(text).digest(), nonce);
  const answer = await post(url, { type: 'application/timestamp-query', body, most: TIMESTAMP_BYTES });
  if (answer.type !== 'application/timestamp-reply')
    throw new CustodyError(
      'WITNESS_REFUSED',
      `The authority ${new URL(url).host} answers no application/timestamp-reply.`,
    );
  try {
    return { response: answer.body, timestamp: await verifyTimestamp(answer.body, text, { roots, nonce }) };
  } catch (error) {
    if (error instanceof Rejected && error.mayPass)
      throw new CustodyError('WITNESS_UNAVAILABLE', error.message, { cause: error });
    throw error;
  }
}
