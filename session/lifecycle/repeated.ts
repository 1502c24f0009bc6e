import type { OutsideCommand } from '../../protocol/commands.ts';
import { isDone } from '../identity/rules.ts';
import type { Session } from '../session.ts';
import { commandKey } from './fold.ts';

/** Did a command of this name and id take effect already? */
export function isRepeated(session: Session, { type, by }: OutsideCommand): boolean {
  const key = commandKey(type, by.commandId);
  return session.commands.includes(key) || session.agentCommands.includes(key) || isDone(session, key);
}
