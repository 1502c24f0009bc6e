import { DefaultFailureConverter, type FailureConverter } from '@temporalio/common';
import { RECOVERING } from '../messages.ts';
import { RAN_AHEAD } from './runAhead.ts';

/** What clients and workers know a failed query by; it says nothing of the session. */
const KNOWN = [RAN_AHEAD, RECOVERING, 'did not register a handler'] as const;

const inClear = new DefaultFailureConverter();
const hidden = new DefaultFailureConverter({ encodeCommonAttributes: true });

/** Failures whose texts go the way of their payloads, through the codec. */
export const failureConverter: FailureConverter = {
  errorToFailure(error, ...others) {
    const isKnown = error instanceof Error && KNOWN.some((text) => error.message.includes(text));
    return (isKnown ? inClear : hidden).errorToFailure(error, ...others);
  },
  failureToError: (...failure) => hidden.failureToError(...failure),
};
