import type { OutsideCommand } from '../../protocol/commands.ts';
import type { Event } from '../events.ts';

/** A command took effect. */
export const commanded = (command: OutsideCommand): Event => ({
  type: 'commanded',
  name: command.type,
  by: command.by,
});
