import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';

/**
 * A codec to list and describe workflows with, whatever stands in their memos: what it cannot read is null. Anybody who
 * may start workflows can put anything there, and one memo must not hide all other sessions.
 */
export const leniently = (codec: PayloadCodec): PayloadCodec => ({
  encode: (payloads, context) => codec.encode(payloads, context),
  decode: (payloads, context) =>
    Promise.all(
      payloads.map(async (each) => {
        try {
          const [payload = NOTHING] = await codec.decode([each], context);
          defaultPayloadConverter.fromPayload(payload);
          return payload;
        } catch {
          return NOTHING;
        }
      }),
    ),
});

const NOTHING: Payload = defaultPayloadConverter.toPayload(null);
