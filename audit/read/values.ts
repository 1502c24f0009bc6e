import { CustodyError } from '../../protocol/errors.ts';
import type { PayloadStore, Ref } from '../../protocol/values/payload.ts';
import { refsIn } from '../seal/refs.ts';
import type { EvidenceRecord, RecordValues } from './record.ts';

/** Where values outside history are looked up: a payload store, or a bundle. */
export type Values = Pick<PayloadStore, 'get'>;

/** Bytes of values that are shown of one record. */
const MOST = 64 * 1024 * 1024;

/**
 * What a record has by reference, in full: each value is what its SHA-256 says. One that cannot be shown is named by
 * the code of why; none keeps the others from being shown. Undefined where the record refers to nothing.
 */
export async function valuesOf({ data }: EvidenceRecord, values: Values): Promise<RecordValues | undefined> {
  const refs = new Map(refsIn(data).map((ref) => [ref.sha256, ref]));
  if (refs.size === 0) return undefined;
  const shown: { [sha256: string]: RecordValues[string] } = {};
  let bytes = 0;
  for (const [sha256, ref] of refs) {
    bytes += ref.bytes;
    shown[sha256] = bytes > MOST ? tooMuch(ref) : await shownOf(ref, values);
  }
  return shown;
}

const shownOf = (ref: Ref, values: Values): Promise<RecordValues[string]> =>
  values.get(ref).then(
    (value) => ({ value }),
    (error: Error) => ({ code: error instanceof CustodyError ? error.code : 'INTERNAL_ERROR', message: error.message }),
  );

const tooMuch = ({ bytes }: Ref): RecordValues[string] => ({
  code: 'EVIDENCE_TOO_LARGE',
  message: `The value has ${bytes} bytes, and ${MOST} bytes of values are shown of one record.`,
});
