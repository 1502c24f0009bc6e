import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { Effect } from '../../session/effects.ts';
import type { FactOf } from '../../session/facts.ts';
import { refusalIn } from './failures.ts';
import { HEARTBEAT_TIMEOUT } from './limits.ts';

/** Calls wait for so long, before the session stops. */
const WITHIN = '1m';
/** A session that has ended waits for so long; then the budget counts all that it had granted. */
const AT_THE_END = '10m';

/** Says to a shared budget what was used and what is wanted; asked again it is the same request. Never throws. */
export async function drawOn(
  sessionId: string,
  { budget, draw, at }: Extract<Effect, { type: 'draw' }>,
): Promise<FactOf<'drawn' | 'drawFailed'>> {
  const { drawOnBudget } = proxyActivities<Activities>({
    scheduleToCloseTimeout: draw.ends ? AT_THE_END : WITHIN,
    startToCloseTimeout: '20s',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '100ms', maximumInterval: '10s' },
    summary: `budget ${budget}`.slice(0, 200),
  });
  try {
    const input = { sessionId, budget, at, ...draw };
    return { type: 'drawn', budget, answer: await CancellationScope.nonCancellable(() => drawOnBudget(input)) };
  } catch (error) {
    return { type: 'drawFailed', budget, n: draw.n, refusal: refusalIn(error) };
  }
}
