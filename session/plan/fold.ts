import type { Event } from '../events.ts';
import type { Plan } from './state.ts';

/** The plan after an event. */
export function foldPlan({ plan }: Plan, event: Event): Plan | undefined {
  if (!plan) return undefined;
  switch (event.type) {
    case 'planWaits':
      return { plan: { ...plan, waits: { ...plan.waits, [event.member]: event.until } } };
    case 'planMemberDone': {
      const results = event.as === undefined ? plan.results : { ...plan.results, [event.as]: event.result ?? null };
      return { plan: { ...plan, done: [...plan.done, event.member], results } };
    }
    case 'planAdvanced':
      return { plan: { ...plan, cursor: plan.cursor + 1, done: [], waits: {} } };
    case 'rollbackEnded':
      return event.point?.plan
        ? { plan: { ...plan, ...event.point.plan, waits: {}, round: plan.round + 1 } }
        : undefined;
    default:
      return undefined;
  }
}
