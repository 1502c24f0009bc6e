import type { OutsideCommand } from '../protocol/commands.ts';

/** What people and programs outside can ask of a session, one by name. */
export type CommandOf<T extends OutsideCommand['type']> = Extract<OutsideCommand, { type: T }>;
