import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeOne } from '../../audit/history.ts';
import { isSealed } from '../../keys/metadata.ts';
import { isObject } from '../../protocol/values/json.ts';

/**
 * What Temporal itself says of a session, with all that is sealed in it opened in place: payloads, and the texts of
 * failures. Temporal's client does this for what it returns as values, and not for events.
 *
 * @throws CustodyError KEY_MISSING, NOT_AUTHENTICATED
 */
export async function opened<T>(client: Client, workflowId: string, said: T): Promise<T> {
  const payloads: Payload[] = [];
  const failures: Failure[] = [];
  collect(said, payloads, failures);
  if (payloads.length === 0 && failures.length === 0) return said;
  const { namespace, loadedDataConverter } = client.options;
  let open: readonly Payload[] = payloads;
  for (const codec of [...loadedDataConverter.payloadCodecs].reverse())
    open = await codec.decode([...open], { type: 'workflow', namespace, workflowId });
  for (const [index, payload] of payloads.entries()) Object.assign(payload, open[index]);
  for (const failure of failures) giveText(failure);
  return said;
}

interface Failure {
  encodedAttributes: Payload;
  message?: unknown;
  stackTrace?: unknown;
}

function collect(value: unknown, payloads: Payload[], failures: Failure[]): void {
  if (!isObject(value) && !Array.isArray(value)) return;
  if (value instanceof Uint8Array) return;
  if (isPayload(value)) {
    if (isSealed(value)) payloads.push(value);
    return;
  }
  if (isObject(value) && isPayload(value.encodedAttributes)) failures.push(value as unknown as Failure);
  for (const each of Object.values(value)) collect(each, payloads, failures);
}

const isPayload = (value: unknown): value is Payload =>
  isObject(value) && isObject(value.metadata) && value.data instanceof Uint8Array;

function giveText(failure: Failure): void {
  const attributes = decodeOne(failure.encodedAttributes);
  if (!isObject(attributes)) return;
  if (typeof attributes.message === 'string') failure.message = attributes.message;
  if (typeof attributes.stack_trace === 'string') failure.stackTrace = attributes.stack_trace;
}
