import { ENDS, standsOf, triedIn } from '../calls.ts';
import { all, counting, type Fact, figure, grouped, isOf, type Known, ofKind, saying } from '../facts.ts';
import type { Figure, Row, Section } from '../model.ts';
import { isDone } from '../money/clock.ts';

/** What is not on record, or not settled. */
export function missing(known: readonly Known[]): Section {
  const facts = all(known);
  const tried = triedIn(known);
  const doubts = standsOf(known).filter(({ as }) => as === 'in_doubt');
  const rows: readonly Row[] = [
    row('sessions that have not ended', notEnded(known)),
    row('attempts without an outcome', counting(tried.filter(({ outcome }) => !outcome).map(({ attempt }) => attempt))),
    row(
      'calls in doubt',
      figure(
        doubts.length,
        'count',
        doubts.flatMap((each) => each.facts),
      ),
    ),
    row('approvals without an end', open(facts, 'approval', ['approval-asked'], ['approval-ended'])),
    row('incidents that nobody closed', open(facts, 'incident', ['incident'], ['incident-closed'])),
    row('reviews that are not done', open(facts, 'approval', ['review-asked'], ['reviewed', 'approval-ended'])),
    ...known.map((each) => row(`numbers of ${each.session} that no record has`, gaps(each))),
  ];
  return {
    id: 'missing',
    title: 'What is missing or open',
    note: 'Numbers are those that the session gave its records. That no record was changed, its seal shows.',
    columns: ['What', 'How many'],
    rows,
    ...(rows.some(({ figures: [found] }) => found?.value !== 0 && found?.value !== 'none') ? { isAlarming: true } : {}),
  };
}

const row = (name: string, found: Figure): Row => ({ name, figures: [found] });

/** Cites the last record of each: the end is not among them. */
function notEnded(known: readonly Known[]): Figure {
  const living = known.filter(({ facts }) => facts.length > 0 && !facts.some(isEnd));
  return figure(
    living.length,
    'count',
    living.flatMap(({ facts }) => facts.slice(-1)),
  );
}

const isEnd = (fact: Fact): boolean =>
  isOf(fact, 'ended') || (isOf(fact, 'transition') && ENDS.has(fact.record.data.to));

type Open = 'approval-asked' | 'incident' | 'review-asked';
type End = 'approval-ended' | 'incident-closed' | 'reviewed';

function open(facts: readonly Fact[], id: string, kinds: readonly Open[], ends: readonly End[]): Figure {
  const keyOf = ({ session, record }: Fact): string => `${session} ${String((record.data as never)[id])}`;
  const isOver = (fact: Fact): boolean => !isOf(fact, 'reviewed') || isDone(fact);
  const over = grouped((ofKind(facts, ...ends) as readonly Fact[]).filter(isOver), keyOf);
  return counting((ofKind(facts, ...kinds) as readonly Fact[]).filter((fact) => !over.has(keyOf(fact))));
}

/** Numbers that are skipped or given twice, from the first to the last. */
function gaps({ facts }: Known): Figure {
  const numbered = facts.filter(({ record }) => record.n !== null);
  const times = new Map<number, number>();
  for (const { record } of numbered) times.set(record.n ?? 0, (times.get(record.n ?? 0) ?? 0) + 1);
  const numbers = [...times.keys()].sort((a, b) => a - b);
  const found: string[] = [];
  for (const [index, n] of numbers.entries()) {
    const before = numbers[index - 1] ?? n - 1;
    if (n > before + 1) found.push(n === before + 2 ? `${n - 1}` : `${before + 1}–${n - 1}`);
    if ((times.get(n) ?? 0) > 1) found.push(`${n} twice`);
  }
  return saying(found.join(', ') || 'none', numbered);
}
