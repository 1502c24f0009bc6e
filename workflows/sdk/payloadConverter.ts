import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { UNDECODABLE } from '../../protocol/commands.ts';

/**
 * JSON as Temporal has it, but decoding never throws: a payload that cannot be decoded becomes a mark that commands
 * refuse on record. An exception here would fail the workflow task for ever, and with it the session.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value) as Payload,
  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      return { [UNDECODABLE]: error instanceof Error ? error.message : String(error) } as T;
    }
  },
};
