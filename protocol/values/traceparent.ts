/** W3C Trace Context, version 00: trace id, span id and flags, none of the ids all zeros. */
const FORM = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The trace context that a caller sent; undefined where it is none, of another version too: whoever reads a header that
 * is not valid goes on without it.
 */
export const traceparentIn = (value: unknown): string | undefined =>
  typeof value === 'string' && FORM.test(value) ? value : undefined;
