import { Integer, Null, OctetString } from 'asn1js';
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from 'pkijs';

export const SHA256 = '2.16.840.1.101.3.4.2.1';

/**
 * A request for a timestamp (RFC 3161), as DER: the answer is to hold the certificate of its signer.
 *
 * @param imprint SHA-256 of what the timestamp is of
 * @param nonce positive; the answer repeats it, so that no old one is taken for it
 */
export function timestampRequest(imprint: Uint8Array, nonce: bigint): Uint8Array {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: imprint.slice().buffer }),
    }),
    nonce: Integer.fromBigInt(nonce),
    certReq: true,
  });
  return new Uint8Array(request.toSchema().toBER());
}
