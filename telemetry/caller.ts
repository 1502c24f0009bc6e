import { context, isSpanContextValid, trace, TraceFlags } from '@opentelemetry/api';
import { traceparentIn } from '../protocol/values/traceparent.ts';

/**
 * The trace context in which something is asked: that of the span that is active in this process, where it has an SDK
 * of OpenTelemetry, else TRACEPARENT of its environment.
 */
export function callersTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return traceparentIn(process.env['TRACEPARENT']);
  const isSampled = (span.traceFlags & TraceFlags.SAMPLED) !== 0;
  return `00-${span.traceId}-${span.spanId}-0${isSampled ? 1 : 0}`;
}
