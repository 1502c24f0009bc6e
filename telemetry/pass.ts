import { traceparentIn } from '../protocol/values/traceparent.ts';

/** A request under way. */
export interface Sent {
  /** For the server. */
  readonly traceparent: string | undefined;
  over(): void;
}

/** A trace that nobody here records goes on to the server as it came. */
export const passedOn = ({ traceparent }: { readonly traceparent?: string }): Sent => ({
  traceparent: traceparentIn(traceparent),
  over: () => undefined,
});
