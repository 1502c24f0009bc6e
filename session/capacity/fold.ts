import type { Event } from '../events.ts';
import { countAnswer, countAttempt, countCall } from './counts.ts';
import type { Capacity } from './state.ts';
import { gain } from './weight.ts';

/** What is used after an event. */
export function foldCapacity({ counts, weight }: Capacity, event: Event): Capacity {
  if (event.type === 'weighed') return { counts, weight: event.bytes };
  const heavier = weight + gain(event);
  switch (event.type) {
    case 'callAccepted':
      return { counts: countCall(counts, event.call), weight: heavier };
    case 'attemptStarted':
      return { counts: event.isRepeat ? countAttempt(counts) : counts, weight: heavier };
    case 'callEnded':
      return { counts: countAnswer(counts, event.call, event.answer), weight: heavier };
    case 'moved':
      return { counts: event.to.name === 'RESUMING' ? { ...counts, last: null } : counts, weight: heavier };
    default:
      return { counts, weight: heavier };
  }
}
