import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import type { AttemptOutcome, Intent } from '../protocol/calls/call.ts';
import { costOf, errorOf, operationOf } from './attributes.ts';
import { ATTRIBUTES, BUCKETS, INSTRUMENTS, OWN } from './names.ts';

/** What is counted of attempts. No id of a session or a call stands on a metric. */
export class AttemptMetrics {
  readonly #duration: Histogram;
  readonly #attempts: Counter;
  readonly #decisions: Counter;
  readonly #cost: Counter;

  constructor(meter: Meter) {
    this.#duration = meter.createHistogram(INSTRUMENTS.duration, {
      description: 'Time from sending a request to an MCP server until it was answered, or nobody waited any more.',
      unit: 's',
      advice: { explicitBucketBoundaries: BUCKETS },
    });
    this.#attempts = meter.createCounter(INSTRUMENTS.attempts, {
      description: 'Attempts of calls that ended, sent or not.',
      unit: '{attempt}',
    });
    this.#decisions = meter.createCounter(INSTRUMENTS.decisions, {
      description: 'What rules said of attempts.',
      unit: '{decision}',
    });
    this.#cost = meter.createCounter(INSTRUMENTS.cost, {
      description: 'What attempts cost, in micro-USD, without those of which nobody knows whether they were made.',
      unit: '{micro-USD}',
    });
  }

  /** @param seconds from sending to answer; undefined where it was not sent */
  count(intent: Intent, outcome: AttemptOutcome, seconds: number | undefined, over: Attributes): void {
    const { server, effect } = intent;
    const error = errorOf(outcome);
    const of = { [OWN.server]: server };
    if (seconds !== undefined) this.#duration.record(seconds, { ...operationOf(intent), ...over, ...error, ...of });
    const errorType = error[ATTRIBUTES.errorType];
    this.#attempts.add(1, {
      ...of,
      [OWN.effect]: effect,
      [OWN.outcome]: outcome.kind,
      ...(errorType === undefined ? {} : { [ATTRIBUTES.errorType]: errorType }),
    });
    const { decision } = outcome;
    if (decision) {
      const mode = decision.logOnly ? 'log-only' : 'enforce';
      this.#decisions.add(1, { ...of, [OWN.verdict]: decision.verdict, [OWN.mode]: mode });
    }
    const cost = costOf(intent, outcome);
    if (cost !== undefined && cost > 0) this.#cost.add(cost, of);
  }
}
