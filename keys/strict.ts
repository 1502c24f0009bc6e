import type { PayloadCodec } from '@temporalio/common';
import { CustodyError } from '../protocol/errors.ts';
import { countsAnyway, UNPROVEN, type Unproven } from '../protocol/values/unproven.ts';
import { textOf } from './metadata.ts';

/**
 * A worker's codec for what it takes over from others: `decode` fails with NOT_AUTHENTICATED for what the codec marks
 * as unproven.
 */
export const strictly = (codec: PayloadCodec): PayloadCodec => ({
  encode: (payloads, context) => codec.encode(payloads, context),
  async decode(payloads, context) {
    const decoded = await codec.decode(payloads, context);
    for (const payload of decoded) {
      const mark = textOf(payload, UNPROVEN);
      const unproven = mark === undefined ? undefined : (JSON.parse(mark) as Unproven);
      if (unproven && !countsAnyway(unproven, Date.now()))
        throw new CustodyError('NOT_AUTHENTICATED', `What another run said cannot be taken over: ${unproven.why}.`);
    }
    return decoded;
  },
});
