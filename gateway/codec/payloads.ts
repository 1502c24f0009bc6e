import type { Payload, PayloadCodec } from '@temporalio/common';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';

/** Payloads in one request: more than a page of history has. */
const MOST = 10_000;

/** The payloads of a request, in the JSON form of protobuf: bytes in base64. @throws CustodyError MALFORMED_COMMAND */
export function payloadsIn(body: string): Payload[] {
  const { payloads } = parsed(body);
  if (!Array.isArray(payloads) || payloads.length > MOST)
    throw malformed(`"payloads" is not a list of at most ${MOST} payloads`);
  return payloads.map((each) => {
    if (!isObject(each)) throw malformed('a payload is not an object');
    const { metadata = {}, data = '' } = each;
    if (!isObject(metadata) || typeof data !== 'string') throw malformed('a payload is not { metadata, data }');
    return {
      metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytesOf(value)])),
      data: bytesOf(data),
    };
  });
}

export const toBody = (payloads: readonly Payload[]): string =>
  JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
      data: base64(data ?? new Uint8Array()),
    })),
  });

/** What can be opened is; the rest stays as it is, so that one payload in a page hides no other. */
export async function openedOf(payloads: readonly Payload[], codec: PayloadCodec): Promise<Payload[]> {
  const opening = payloads.map((payload) =>
    codec.decode([payload]).then(
      ([open]) => open ?? payload,
      () => payload,
    ),
  );
  return Promise.all(opening);
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    throw malformed('it is not JSON');
  }
  throw malformed('it is not an object');
}

const bytesOf = (value: unknown): Uint8Array => {
  if (typeof value !== 'string') throw malformed('bytes are not a text in base64');
  return Buffer.from(value, 'base64');
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const malformed = (why: string): CustodyError =>
  new CustodyError('MALFORMED_COMMAND', `The request cannot be read: ${why}.`);
