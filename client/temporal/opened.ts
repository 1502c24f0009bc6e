import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeOne } from '../../audit/history.ts';
import { isSealed } from '../../keys/metadata.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';

/**
 * What Temporal itself says of a session, with all that is sealed in it opened in place: payloads, and the texts of
 * failures. Temporal's client does this for what it returns as values, and not for events. What cannot be opened stays
 * as it is: anybody can send a session something that looks sealed.
 *
 * @throws CustodyError KEY_MISSING for what the session itself wrote, as the input of an activity
 */
export async function opened<T>(client: Client, workflowId: string, said: T): Promise<T> {
  const found: Found = { sealed: [], failures: [] };
  collect(said, { workflowId, isOwn: false }, found);
  const { namespace, loadedDataConverter } = client.options;
  const codecs = [...loadedDataConverter.payloadCodecs].reverse();
  for (const { payload, place } of found.sealed) {
    try {
      let open = [payload];
      for (const codec of codecs)
        open = await codec.decode(open, { type: 'workflow', namespace, workflowId: place.workflowId });
      Object.assign(payload, open[0]);
    } catch (error) {
      if (place.isOwn && error instanceof CustodyError && error.code === 'KEY_MISSING') throw error;
    }
  }
  for (const failure of found.failures) giveText(failure);
  return said;
}

interface Failure {
  encodedAttributes: Payload;
  message?: unknown;
  stackTrace?: unknown;
}

/** Where a payload stands: whose it is, and whether only a session can have put it there. */
interface Place {
  readonly workflowId: string;
  readonly isOwn: boolean;
}

interface Found {
  readonly sealed: { readonly payload: Payload; readonly place: Place }[];
  readonly failures: Failure[];
}

function collect(value: unknown, place: Place, found: Found): void {
  if ((!isObject(value) && !Array.isArray(value)) || value instanceof Uint8Array) return;
  if (isPayload(value)) {
    if (isSealed(value)) found.sealed.push({ payload: value, place });
    return;
  }
  if (isObject(value) && isPayload(value.encodedAttributes)) found.failures.push(value as unknown as Failure);
  for (const [name, each] of Object.entries(value)) collect(each, placeIn(name, each, place), found);
}

/** What a session sends to another is the other's. */
function placeIn(name: string, value: unknown, place: Place): Place {
  if (name === 'activityTaskScheduledEventAttributes') return { ...place, isOwn: true };
  if (name !== 'signalExternalWorkflowExecutionInitiatedEventAttributes' || !isObject(value)) return place;
  const { workflowExecution: to } = value;
  return isObject(to) && typeof to.workflowId === 'string' ? { ...place, workflowId: to.workflowId } : place;
}

const isPayload = (value: unknown): value is Payload =>
  isObject(value) && isObject(value.metadata) && value.data instanceof Uint8Array;

function giveText(failure: Failure): void {
  const attributes = decodeOne(failure.encodedAttributes);
  if (!isObject(attributes)) return;
  if (typeof attributes.message === 'string') failure.message = attributes.message;
  if (typeof attributes.stack_trace === 'string') failure.stackTrace = attributes.stack_trace;
}
