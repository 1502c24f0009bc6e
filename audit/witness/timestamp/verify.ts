import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { TSTInfo } from 'pkijs';
import { CustodyError } from '../../../protocol/errors.ts';
import { equal } from '../../tlog/tree/verify.ts';
import { certificatesIn } from './certificates.ts';
import { checkChain } from './chain.ts';
import { SHA256 } from './request.ts';
import { tokenIn } from './response.ts';
import { certificatesOf, signerOf } from './signer.ts';

/** What a timestamp proves: its text was there at that time, as far as its authority is to be trusted. */
export interface Timestamp {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of the timestamp at its authority, in hex. */
  readonly serial: string;
  /** The policy of the authority, an object identifier. */
  readonly policy: string;
}

/** What is expected of a timestamp. */
export interface Expected {
  /** Root certificates that are trusted, in PEM. */
  readonly roots: string;
  /** Of the request; a timestamp that was kept is verified without it. */
  readonly nonce?: bigint;
}

/**
 * Verifies the answer of a timestamping authority (RFC 3161) over a text, offline.
 *
 * @param response DER, as the authority gave it
 * @throws CustodyError TIMESTAMP_MALFORMED, TIMESTAMP_REJECTED, TIMESTAMP_DIFFERS, TIMESTAMP_UNTRUSTED
 */
export async function verifyTimestamp(response: Uint8Array, text: Uint8Array, expected: Expected): Promise<Timestamp> {
  try {
    return await verified(response, text, expected);
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    // Values are read by the library as they are asked for, and it has no errors by code.
    const why = error instanceof Error ? error.message : String(error);
    throw new CustodyError('TIMESTAMP_MALFORMED', `A value of the timestamp cannot be read: ${why}.`, { cause: error });
  }
}

async function verified(response: Uint8Array, text: Uint8Array, { roots, nonce }: Expected): Promise<Timestamp> {
  const { signed, info } = tokenIn(response);
  checkImprint(info, text);
  checkNonce(info, nonce);
  const signer = await signerOf(signed, text);
  await checkChain(signer, certificatesOf(signed), certificatesIn(roots), info.genTime);
  return {
    at: info.genTime.toISOString(),
    serial: bytesToHex(info.serialNumber.valueBlock.valueHexView.slice(0, 64)),
    policy: info.policy,
  };
}

function checkImprint({ messageImprint: { hashAlgorithm, hashedMessage } }: TSTInfo, text: Uint8Array): void {
  if (hashAlgorithm.algorithmId !== SHA256) throw differs(`its hash is not SHA-256 (${hashAlgorithm.algorithmId})`);
  if (!equal(hashedMessage.valueBlock.valueHexView, sha256(text))) throw differs('it has the hash of another text');
}

function checkNonce({ nonce }: TSTInfo, expected: bigint | undefined): void {
  if (expected === undefined) return;
  if (!nonce) throw differs('it does not repeat the nonce of the request');
  if (nonce.toBigInt() !== expected) throw differs('it has the nonce of another request');
}

const differs = (why: string): CustodyError =>
  new CustodyError('TIMESTAMP_DIFFERS', `The timestamp is of something else: ${why}.`);
