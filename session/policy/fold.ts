import type { Event } from '../events.ts';
import type { Policy } from './state.ts';

/** What rules said so far, after an event. */
export function foldPolicy({ denials }: Policy, event: Event): Partial<Policy> | undefined {
  switch (event.type) {
    case 'opened':
      return { policy: event.policy };
    case 'callDenied':
      return { denials: denials + 1 };
    case 'callEnded':
      return denials > 0 && event.call.compensates === undefined && event.answer.result ? { denials: 0 } : undefined;
    default:
      return undefined;
  }
}
