import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import { isVerdict, type ProofCheck, type Verdict } from '../../protocol/identity/proof.ts';
import { causeOf, messageOf } from './failures.ts';
import { HEARTBEAT_TIMEOUT } from './limits.ts';

/** How long the check of a proof may take in all, in milliseconds: the commands behind it wait for so long. */
const WITHIN = 60_000;

/** What a worker says of a proof, by its list of principals as that is now. Never throws. */
export async function prove(check: ProofCheck, within = WITHIN): Promise<Verdict> {
  const { proveActor } = proxyActivities<Activities>({
    scheduleToCloseTimeout: within,
    startToCloseTimeout: Math.min(within, 10_000),
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // Looking has no effect.
    retry: { initialInterval: '200ms', maximumInterval: '5s' },
    summary: `is it ${check.actor}?`.slice(0, 200),
  });
  try {
    const verdict = await CancellationScope.nonCancellable(() => proveActor(check));
    return isVerdict(verdict) ? verdict : unchecked('the answer of the worker cannot be read');
  } catch (error) {
    return unchecked(messageOf(causeOf(error)));
  }
}

const unchecked = (why: string): Verdict => ({
  ok: false,
  refusal: { code: 'PROOF_UNCHECKED', message: `No worker has checked the signature: ${why}.` },
});
