import type { PolicyTerms, SessionTotals } from '../../protocol/calls/policy.ts';
import type { OpenCall } from '../calls/state.ts';
import { termsOf } from '../calls/terms.ts';
import { balanceOf } from '../money/balance.ts';
import type { Session } from '../session.ts';

const MINUTE = 60_000;

function moneyTotals(session: Session, now: number): Pick<SessionTotals, 'spent' | 'reserved' | 'free'> {
  const { account } = session;
  if (!account) return {};
  const { spent, reserved, free } = balanceOf(session, account, now);
  return { spent, reserved, ...(free === null ? {} : { free }) };
}

/** What rules are asked about an attempt beside the call itself; undefined where the session has none. */
export function policyTermsOf(session: Session, call: OpenCall, now: number): PolicyTerms | undefined {
  const { policy, spec, startedBy, counts, denials, restarts, startedAt } = session;
  if (!policy) return undefined;
  const decimals = termsOf(session, call)?.decimals;
  return {
    set: policy.hash,
    agent: { id: spec.agent.id, version: spec.agent.version },
    labels: spec.labels ?? {},
    startedBy: startedBy?.actor ?? null,
    ...(startedBy?.proven ? { person: startedBy.proven.person } : {}),
    totals: {
      calls: counts.calls,
      denials,
      minutes: Math.floor((now - startedAt) / MINUTE),
      restarts,
      ...moneyTotals(session, now),
    },
    at: now,
    ...(decimals ? { decimals } : {}),
  };
}
