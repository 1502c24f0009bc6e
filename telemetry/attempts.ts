import {
  type Attributes,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { AttemptOutcome, Intent } from '../protocol/calls/call.ts';
import { traceparentIn } from '../protocol/values/traceparent.ts';
import { attemptAttributes, endAttributes, errorOf, operationOf } from './attributes.ts';
import type { AttemptMetrics } from './instruments.ts';
import { ATTRIBUTES } from './names.ts';
import { passedOn, type Sent } from './pass.ts';

/** The connection that a request goes over. */
interface Over {
  readonly protocolVersion: string;
  readonly protocolSession: string | undefined;
}

/**
 * Attempts as they go out: a client span for each that is sent, which is the parent of whatever the server does, and
 * what is counted. Spans are made where attempts are, so no replay of a workflow makes one. Nothing here throws.
 */
export class Attempts {
  readonly #tracer: Tracer;
  readonly #metrics: AttemptMetrics;
  readonly #places: ReadonlyMap<string, Attributes>;
  readonly #spans = new WeakMap<Sent, SentSpan>();

  /** @param places where each server is, by its name */
  constructor(tracer: Tracer, metrics: AttemptMetrics, places: ReadonlyMap<string, Attributes>) {
    this.#tracer = tracer;
    this.#metrics = metrics;
    this.#places = places;
  }

  sends(intent: Intent, over: Over): Sent {
    try {
      const span = new SentSpan(this.#tracer, intent, {
        [ATTRIBUTES.protocolVersion]: over.protocolVersion,
        ...this.#places.get(intent.server),
      });
      if (over.protocolSession !== undefined) span.set(ATTRIBUTES.protocolSession, over.protocolSession);
      const sent: Sent = { traceparent: span.traceparent, over: () => span.over() };
      this.#spans.set(sent, span);
      return sent;
    } catch {
      return passedOn(intent);
    }
  }

  ended(intent: Intent, outcome: AttemptOutcome, sent: Sent | undefined): void {
    try {
      const span = outcome.kind === 'not_sent' ? undefined : sent && this.#spans.get(sent);
      this.#metrics.count(intent, outcome, span?.seconds, span?.about ?? {});
      span?.end(intent, outcome);
    } catch {
      // What is told outside must not change what happened.
    }
  }
}

class SentSpan {
  readonly about: Attributes;
  readonly #span: Span;
  readonly #begun = performance.now();
  #over: { readonly at: Date; readonly seconds: number } | undefined;

  constructor(tracer: Tracer, intent: Intent, about: Attributes) {
    this.about = about;
    const { method, tool } = intent;
    const name = method === undefined ? `tools/call ${tool}` : method === 'prompts/get' ? `${method} ${tool}` : method;
    const attributes = { ...operationOf(intent), ...about, ...attemptAttributes(intent) };
    this.#span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parentOf(intent));
  }

  get traceparent(): string | undefined {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    if (!isSpanContextValid({ traceId, spanId, traceFlags })) return undefined;
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  get seconds(): number {
    return this.#over?.seconds ?? (performance.now() - this.#begun) / 1000;
  }

  set(name: string, value: string): void {
    this.#span.setAttribute(name, value);
  }

  /** What is read and kept after the answer is no part of the request. */
  over(): void {
    this.#over ??= { at: new Date(), seconds: (performance.now() - this.#begun) / 1000 };
  }

  end(intent: Intent, outcome: AttemptOutcome): void {
    this.#span.setAttributes(endAttributes(intent, outcome));
    if (errorOf(outcome)[ATTRIBUTES.errorType] !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end(this.#over?.at);
  }
}

/** The caller's span, in another process. */
function parentOf({ traceparent }: Intent) {
  const [, traceId, spanId, flags] = traceparentIn(traceparent)?.split('-') ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  const traceFlags = parseInt(flags ?? '0', 16) & 1;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
