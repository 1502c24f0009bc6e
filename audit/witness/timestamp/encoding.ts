import { fromBER, Integer, Null, Sequence } from 'asn1js';
import type { AlgorithmIdentifier } from 'pkijs';
import { isDer } from './der.ts';

/** The arc of ECDSA with SHA-2. */
const ECDSA = '1.2.840.10045.4.3.';

/** Algorithms of digests have no parameters, or NULL (RFC 5754, section 2): the library takes anything. */
export const isPlain = ({ algorithmParams }: AlgorithmIdentifier): boolean =>
  algorithmParams === undefined || algorithmParams instanceof Null;

/**
 * Whether the bytes of a signature are written as its algorithm wants them. That of ECDSA is two whole numbers (RFC
 * 3279, section 2.2.3); the library takes other types for them, so that one signature could be written in many ways.
 */
export function isWritten(signature: Uint8Array, { algorithmId }: AlgorithmIdentifier): boolean {
  if (!algorithmId.startsWith(ECDSA)) return true;
  const { result, offset } = fromBER(signature.slice());
  const parts = result instanceof Sequence ? result.valueBlock.value : [];
  const isPair = parts.length === 2 && parts.every((part) => part instanceof Integer);
  return isPair && offset === signature.length && isDer(signature);
}
