import type { Effect } from '../effects.ts';
import type { Run } from '../run.ts';
import { nothing, type Step } from '../step.ts';

/** What the session wants to say to budgets: one thing at a time to each, so that they hear it in order. */
export function drawing(run: Run, now: number): Step {
  const effects = run.session.budgets.flatMap(({ id, asking }): readonly Effect[] =>
    asking && !run.drawing.includes(id) ? [{ type: 'draw', budget: id, draw: asking, at: now }] : [],
  );
  if (effects.length === 0) return nothing(run);
  const ids = effects.flatMap((effect) => (effect.type === 'draw' ? [effect.budget] : []));
  return { run: { ...run, drawing: [...run.drawing, ...ids] }, effects };
}
