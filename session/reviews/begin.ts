import { CUSTODY } from '../../protocol/by.ts';
import type { ReviewCause, ReviewName, ReviewSubject } from '../../protocol/reviews/reviews.ts';
import { approvalOf } from '../approvals/ask.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { look } from './rules.ts';

interface Wanted {
  readonly review: ReviewName;
  /** Of an extra one. */
  readonly causes: readonly ReviewCause[];
  readonly since: number;
}

/** Begins a review that is due: rules do it at once, or persons are asked, with what rules found. */
export function beginReview(session: Session, { review, causes, since }: Wanted, now: number): readonly Event[] {
  const profile = session.governance?.reviews;
  if (!profile) return [];
  const { rules, findings } = look(session, review, now);
  const mode = profile[review];
  if (mode === 'rules' || (mode === 'findings' && findings.length === 0)) {
    const verdict = findings.length === 0 ? 'passed' : 'findings';
    const done = { review, causes, approval: null, by: CUSTODY, verdict, findings, said: [], at: now } as const;
    return [{ type: 'reviewedByRules', done, rules }];
  }
  const { startedBy, spec } = session;
  const subject: ReviewSubject = { kind: 'review', review, causes, since, findings };
  const { persons, due: expires } = profile;
  const requester = startedBy?.actor ?? `${spec.agent.id}@${spec.agent.version}`;
  const proven = startedBy?.proven ? { proven: startedBy.proven } : {};
  const why = whyOf(session, causes);
  const asked = { kind: 'review', subject, why, rules: [], persons, requester, ...proven, expires } as const;
  return [{ type: 'approvalAsked', approval: approvalOf(session, asked, now) }];
}

const IN_WORDS: { readonly [cause in ReviewCause]: string } = {
  restart: 'it was restarted',
  rollback: 'it was rolled back',
  'over-24h': 'it is older than 24 h',
  violations: 'it went against its rules or limits',
};

function whyOf({ state }: Session, causes: readonly ReviewCause[]): string {
  if (causes.length > 0) return causes.map((cause) => IN_WORDS[cause]).join(', ');
  const then = state.name === 'AUDIT' ? state.then : undefined;
  return then && 'reason' in then ? `it is about to end as ${then.name}: ${then.reason}` : 'it is about to end';
}
