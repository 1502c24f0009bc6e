import type { Meter } from '@opentelemetry/api';
import { INSTRUMENTS, OWN } from './names.ts';

/** How many sessions there are, as Temporal lists them. */
export interface SessionCounts {
  /** That have not ended, by their state. */
  readonly states: { readonly [state: string]: number };
  /** By what somebody has to do for them to go on. */
  readonly pending: { readonly [what: string]: number };
}

/** Milliseconds for which counts are good, whoever asks, and in which they have to come. */
const GOOD_FOR = 30_000;
const PATIENCE = 2000;

/**
 * Counts of sessions, told when metrics are read. They are of all workers of the task queue, and each worker tells
 * them.
 *
 * @param count asks Temporal
 */
export function observeSessions(meter: Meter, count: () => Promise<SessionCounts>): void {
  const sessions = meter.createObservableGauge(INSTRUMENTS.sessions, {
    description: 'Sessions of the task queue that have not ended, by state. Each worker tells them: take the maximum.',
    unit: '{session}',
  });
  const pending = meter.createObservableGauge(INSTRUMENTS.pending, {
    description: 'Sessions of the task queue in which somebody has to do something, by what it is.',
    unit: '{session}',
  });
  const counted = remembered(count);
  meter.addBatchObservableCallback(
    async (result) => {
      const counts = await counted();
      if (!counts) return;
      for (const [state, value] of Object.entries(counts.states))
        result.observe(sessions, value, { [OWN.state]: state });
      for (const [what, value] of Object.entries(counts.pending))
        result.observe(pending, value, { [OWN.pending]: what });
    },
    [sessions, pending],
  );
}

/** Asks once for all who want to know, and not again for a while; undefined where there is no answer in time. */
function remembered(count: () => Promise<SessionCounts>): () => Promise<SessionCounts | undefined> {
  let known: { readonly counts: SessionCounts; readonly at: number } | undefined;
  let asking: Promise<void> | undefined;
  const fresh = (): SessionCounts | undefined =>
    known && performance.now() - known.at < GOOD_FOR ? known.counts : undefined;
  return async () => {
    if (fresh()) return fresh();
    asking ??= count()
      .then((counts) => void (known = { counts, at: performance.now() }))
      .catch(() => undefined)
      .finally(() => (asking = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE);
    });
    await Promise.race([asking, late]).finally(() => clearTimeout(timer));
    return fresh();
  };
}
