import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { UNDECODABLE } from '../../protocol/commands.ts';
import { markUnproven, UNREADABLE } from '../../protocol/values/unproven.ts';
import { textIn, unprovenOf } from './unproven.ts';

/**
 * JSON as Temporal has it, but decoding never throws: a payload that cannot be decoded becomes a mark that commands
 * refuse on record. An exception here would fail the workflow task for ever, and with it the session. What the worker's
 * codec says of a payload goes on to its value.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value) as Payload,
  fromPayload<T>(payload: Payload): T {
    const mark = unprovenOf(payload);
    const value = valueOf<T>(payload);
    return mark ? markUnproven(value, mark) : value;
  },
};

function valueOf<T>(payload: Payload): T {
  try {
    if (textIn(payload.metadata?.encoding) === UNREADABLE) return { [UNDECODABLE]: textIn(payload.data) } as T;
    return defaultPayloadConverter.fromPayload<T>(payload);
  } catch (error) {
    return { [UNDECODABLE]: error instanceof Error ? error.message : String(error) } as T;
  }
}
