import { sha256Hex } from '../../protocol/values/digest.ts';
import type { Event } from '../events.ts';
import type { Lifecycle } from './state.ts';

/** Ids of commands that are kept, of each kind. */
export const COMMANDS_KEPT = 256;

/** What is kept of a command that took effect: a repeat is the same command under the same id. */
export const commandKey = (name: string, commandId: string): string => sha256Hex(`${name} ${commandId}`).slice(0, 16);

/** The life of a session after an event. */
export function foldLifecycle(life: Lifecycle, event: Event): Partial<Lifecycle> | undefined {
  switch (event.type) {
    case 'opened':
      return {
        governance: event.governance,
        profileHash: event.profileHash,
        // From now on they are reviews.
        ...(event.governance.reviews ? { duties: [] } : {}),
      };
    case 'moved':
      return { state: event.to };
    case 'commanded':
      return { commands: [...life.commands, commandKey(event.name, event.by.commandId)].slice(-COMMANDS_KEPT) };
    case 'cancelKept':
      return { isCancelled: true };
    case 'dutyOpened':
      return { duties: [...life.duties, event.duty] };
    case 'checked':
      return { duties: [], checkedOver24h: life.checkedOver24h || event.over24h };
    case 'wasReset':
      return { resetAt: event.at };
    case 'recovered':
      return { resetAt: null };
    default:
      return undefined;
  }
}
