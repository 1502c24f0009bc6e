import type { Event } from '../events.ts';
import type { Time } from './state.ts';

/** The clock after an event. */
export function foldTime({ clock }: Time, event: Event): Time | undefined {
  switch (event.type) {
    case 'opened':
    case 'deadlineShifted':
      return { clock: { ...clock, deadlineAt: event.deadlineAt } };
    case 'pinned':
    case 'callEnded':
      return { clock: { ...clock, lastCallAt: event.at } };
    case 'callAccepted':
      return { clock: { ...clock, lastCallAt: event.call.acceptedAt } };
    case 'warned':
      return { clock: { ...clock, warned: true } };
    case 'deadlineReached':
      return { clock: { ...clock, graceUntil: event.graceUntil } };
    case 'extended': {
      const { deadlineAt, ms, at } = event;
      return {
        clock: { deadlineAt, extended: clock.extended + ms, graceUntil: null, warned: false, lastCallAt: at },
      };
    }
    default:
      return undefined;
  }
}
