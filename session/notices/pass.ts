import { MOST_AT_ONCE } from '../../protocol/notices/notice.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Run } from '../run.ts';
import { nothing, type Step } from '../step.ts';

/**
 * Passes notices on, in their order, once they stand on record: one word at a time, so that none overtakes another.
 * What is not known to be passed on when a run makes place for the next is passed on by that one, perhaps again.
 */
export function passing(run: Run): Step {
  const { unsent, unwritten, beingPassed, isDraining, session } = run;
  if (unsent.length === 0 || beingPassed > 0 || (isDraining && !isEnded(session.state))) return nothing(run);
  const written = unwritten[0]?.n ?? Infinity;
  const notices = unsent.filter(({ n }) => n < written).slice(0, MOST_AT_ONCE);
  if (notices.length === 0) return nothing(run);
  return { run: { ...run, beingPassed: notices.length }, effects: [{ type: 'notify', notices }] };
}

/** The notices under way are with those who deliver them. */
export const passedOn = (run: Run): Run => ({ ...run, unsent: run.unsent.slice(run.beingPassed), beingPassed: 0 });
