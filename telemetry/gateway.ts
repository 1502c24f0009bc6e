import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import { BUCKETS, HTTP, INSTRUMENTS, OTHER } from './names.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PUT', 'PATCH']);

/** What the gateway holds open now. */
export interface Held {
  /** Requests that have no answer yet: calls that wait among them. */
  readonly requests: number;
  /** Streams on which clients hear of changes. */
  readonly streams: number;
}

/** What is counted of the gateway. No name of a caller and no id of a session stands on a metric. */
export class GatewayMetrics {
  readonly #duration: Histogram;
  readonly #refused: Counter;

  constructor(meter: Meter, held: () => Held) {
    this.#duration = meter.createHistogram(INSTRUMENTS.requests, {
      description: 'Time from the head of a request until its answer was out, or its client was gone.',
      unit: 's',
      advice: { explicitBucketBoundaries: BUCKETS },
    });
    this.#refused = meter.createCounter(INSTRUMENTS.refused, {
      description: 'Tokens that were shown and not taken.',
      unit: '{token}',
    });
    meter
      .createObservableGauge(INSTRUMENTS.open, { description: 'Requests that have no answer yet.', unit: '{request}' })
      .addCallback((result) => result.observe(held().requests));
    meter
      .createObservableGauge(INSTRUMENTS.streams, {
        description: 'Streams of changes that are open.',
        unit: '{stream}',
      })
      .addCallback((result) => result.observe(held().streams));
  }

  /** @param route one of a few, without names and ids */
  answered(route: string, method: string, status: number, seconds: number): void {
    this.#duration.record(seconds, {
      [HTTP.method]: METHODS.has(method) ? method : OTHER,
      [HTTP.route]: route,
      [HTTP.status]: status,
    });
  }

  refused(): void {
    this.#refused.add(1);
  }
}
