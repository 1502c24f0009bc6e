import { type Completeness, checkSession } from '../../audit/check/check.ts';
import type { Decide } from '../../audit/check/decisions.ts';
import type { PayloadStore } from '../../protocol/values/payload.ts';
import type { GivenRuns } from './given.ts';

export interface CheckOptions {
  readonly namespace: string;
  /** Files with lists of principals. */
  readonly principals?: readonly string[] | undefined;
  /** Replay the runs, where a worker is installed. */
  readonly replay: boolean;
}

/** Checks a session with all that is here: its rules, lists of principals, and the workflows of this build. */
export async function checkCompleteness(
  { runs, isOpen }: GivenRuns,
  payloads: Pick<PayloadStore, 'get'>,
  { namespace, principals: files = [], replay }: CheckOptions,
): Promise<Completeness> {
  const [{ RecordedPolicies }, { loadPrincipals }, { replayer }] = await Promise.all([
    import('../../cedar/recorded.ts'),
    import('../../config/principals.ts'),
    import('./replay.ts'),
  ]);
  const principals = await Promise.all(files.map(loadPrincipals));
  const decide: Decide = (rules) => {
    const policies = new RecordedPolicies(rules, payloads);
    return (attempt) => policies.decide(attempt);
  };
  const again = replay ? await replayer() : async () => ({ skipped: 'it was not wanted (--no-replay)' });
  return checkSession(runs, { isOpen, namespace, principals, decide, ...(again ? { replay: again } : {}) });
}
