import { usdText } from '../../protocol/money/usd.ts';
import type { ReviewFinding, ReviewName } from '../../protocol/reviews/reviews.ts';
import { beginningOf, counted } from '../../protocol/values/text.ts';
import { balanceOf } from '../money/balance.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';

/** A rule that looks at a session, under a name that stands on record. It says what it found; undefined is nothing. */
export interface ReviewRule {
  readonly name: string;
  readonly of: readonly ReviewName[];
  readonly finds: (session: Session, now: number) => string | undefined;
}

const times = (count: number, what: string, did: string): string | undefined =>
  count === 0 ? undefined : `${counted(count, what)} ${did}`;

/** What rules look at; a part that knows of something else to look at adds its rule here. */
export const REVIEW_RULES: readonly ReviewRule[] = [
  {
    name: 'session/ended-as-asked',
    of: ['session'],
    finds: ({ state }) =>
      state.name === 'AUDIT' && 'code' in state.then
        ? `it ends as ${state.then.name} (${state.then.code}): ${beginningOf(state.then.reason, LONGEST)}`
        : undefined,
  },
  {
    name: 'session/deadline-kept',
    of: ['session'],
    finds: ({ clock }) =>
      clock.graceUntil === null ? undefined : `its deadline ${iso(clock.deadlineAt)} is over, or it was idle too long`,
  },
  {
    name: 'session/not-reset',
    of: ['session', 'extra'],
    finds: ({ resetAt }) => (resetAt === null ? undefined : `it was reset in Temporal, seen ${iso(resetAt)}`),
  },
  {
    name: 'execution/every-call-has-its-outcome',
    of: ['execution'],
    finds: ({ open }) => times(open.filter(({ phase }) => phase !== 'in_doubt').length, 'call', 'without an outcome'),
  },
  {
    name: 'execution/nothing-in-doubt',
    of: ['execution', 'extra'],
    finds: ({ open }) => times(open.filter(({ phase }) => phase === 'in_doubt').length, 'call', 'in doubt'),
  },
  {
    name: 'execution/nothing-failed-after-sending',
    of: ['execution'],
    finds: ({ faults }) => times(faults.failed, 'call', 'failed and may have been sent'),
  },
  {
    name: 'execution/nothing-resolved-as-failed',
    of: ['execution'],
    finds: ({ faults }) => times(faults.resolvedAsFailed, 'call', 'in doubt resolved as failed'),
  },
  {
    name: 'compliance/nothing-denied',
    of: ['compliance', 'extra'],
    finds: ({ faults }) => times(faults.denied, 'call', 'denied by rules'),
  },
  {
    name: 'compliance/limits-kept',
    of: ['compliance', 'extra'],
    finds: ({ faults }) => times(faults.stopped, 'stop', 'at a limit, or for repeating itself'),
  },
  {
    name: 'compliance/nothing-left-undone',
    of: ['compliance', 'extra'],
    finds: ({ faults }) => times(faults.notUndone, 'call', 'that a rollback could not undo'),
  },
  {
    name: 'compliance/no-open-incident',
    of: ['compliance', 'extra'],
    finds: ({ incidents }) => times(incidents.length, 'incident', 'open'),
  },
  {
    name: 'compliance/budget-kept',
    of: ['compliance', 'extra'],
    finds(session, now) {
      const beyond = session.account ? balanceOf(session, session.account, now).overrun : 0;
      const dear = times(session.faults.overrun, 'call', 'cost more than they could');
      const over = beyond > 0 ? `${usdText(beyond)} beyond the limit` : undefined;
      return [dear, over].filter(Boolean).join('; ') || undefined;
    },
  },
];

/** Characters of a reason that a finding says. */
const LONGEST = 300;

/** What the rules of a review say of a session now, and which they are. */
export function look(
  session: Session,
  review: ReviewName,
  now: number,
): { readonly rules: readonly string[]; readonly findings: readonly ReviewFinding[] } {
  const looking = REVIEW_RULES.filter(({ of }) => of.includes(review));
  const findings = looking.flatMap(({ name: rule, finds }) => {
    const text = finds(session, now);
    return text === undefined ? [] : [{ rule, text }];
  });
  return { rules: looking.map(({ name }) => name), findings };
}
